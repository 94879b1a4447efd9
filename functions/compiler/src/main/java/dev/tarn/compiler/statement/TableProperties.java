package dev.tarn.compiler.statement;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.project.Problems;
import dev.tarn.model.Nearest;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/** Reads TBLPROPERTIES: those that Tarn honours, by name and type, and those of the user, which mean nothing to it. */
final class TableProperties {

    private static final List<String> RESERVED = List.of("delta.", "pipelines.", "spark.", "tarn.");

    /** What the value of a property may be. */
    private enum Form {
        BOOLEAN("true|false", "Write 'true' or 'false'."),
        POSITIVE("[1-9][0-9]{0,8}", "Write a whole number from 1 on."),
        INDEXED("-1|[0-9]{1,9}", "Write a whole number, or -1 for all columns."),
        DURATION(
                "(interval )?[0-9]{1,9} (week|day|hour|minute|second)s?",
                "Write a number and its unit: interval 7 days."),
        COLUMNS(".*\\S.*", "Write names of columns, divided by commas."),
        CHANNEL("current|preview", "Write 'current' or 'preview'.");

        private final Pattern pattern;
        private final String mend;

        Form(String pattern, String mend) {
            this.pattern = Pattern.compile(pattern);
            this.mend = mend;
        }
    }

    private static final Map<String, Form> HONOURED = Map.ofEntries(
            Map.entry("delta.appendOnly", Form.BOOLEAN),
            Map.entry("delta.checkpointInterval", Form.POSITIVE),
            Map.entry("delta.dataSkippingNumIndexedCols", Form.INDEXED),
            Map.entry("delta.dataSkippingStatsColumns", Form.COLUMNS),
            Map.entry("delta.deletedFileRetentionDuration", Form.DURATION),
            Map.entry("delta.enableChangeDataFeed", Form.BOOLEAN),
            Map.entry("delta.enableDeletionVectors", Form.BOOLEAN),
            Map.entry("delta.enableExpiredLogCleanup", Form.BOOLEAN),
            Map.entry("delta.enableInCommitTimestamps", Form.BOOLEAN),
            Map.entry("delta.logRetentionDuration", Form.DURATION),
            Map.entry("pipelines.cdc.tombstoneGCThresholdInSeconds", Form.POSITIVE),
            Map.entry("pipelines.channel", Form.CHANNEL),
            Map.entry("pipelines.reset.allowed", Form.BOOLEAN));

    private final TokenCursor tokens;

    TableProperties(TokenCursor tokens) {
        this.tokens = tokens;
    }

    /** The properties up to the parenthesis that closes the one just taken, which is taken too. */
    List<Property> read() {
        List<Property> properties = new ArrayList<>();
        do {
            Property property = property();
            if (properties.stream().anyMatch(before -> before.key().equals(property.key()))) {
                throw tokens.syntax(
                        property.position(),
                        "The property " + property.key() + " occurs twice.",
                        "Remove one of them.");
            }
            properties.add(property);
        } while (tokens.takeIf(","));
        tokens.expect(")");
        return properties;
    }

    private Property property() {
        SourcePosition position = tokens.position();
        String key = Texts.isString(tokens.peek())
                ? tokens.takeString()
                : tokens.takeQualifiedName().written();
        tokens.takeIf("=");
        String value = value();
        Form form = HONOURED.get(key);
        if (form == null) {
            requireOwn(key, position);
            return new Property(key, value, position);
        }
        String plain = form == Form.COLUMNS ? value : value.toLowerCase(Locale.ROOT);
        if (!form.pattern.matcher(plain).matches()) {
            throw Problems.refusal(CONFIGURATION_INVALID, position, key + " cannot be '" + value + "'.", form.mend);
        }
        return new Property(key, plain, position);
    }

    private String value() {
        Token token = tokens.peek();
        if (Texts.isString(token)) {
            return tokens.takeString();
        }
        boolean number = token.getType() == SqlBaseLexer.INTEGER_VALUE || token.getType() == SqlBaseLexer.DECIMAL_VALUE;
        if (!number && !tokens.sees("TRUE") && !tokens.sees("FALSE")) {
            throw tokens.unexpected();
        }
        return tokens.take().getText();
    }

    private void requireOwn(String key, SourcePosition position) {
        String lower = key.toLowerCase(Locale.ROOT);
        if (RESERVED.stream().anyMatch(lower::startsWith)) {
            throw unknown(key, position);
        }
    }

    private TarnException unknown(String key, SourcePosition position) {
        String all = String.join(", ", new TreeSet<>(HONOURED.keySet()));
        return tokens.unsupported(
                position,
                "The table property " + key,
                Nearest.sentence(key, HONOURED.keySet(), "Leave it out. Honoured are: " + all + "."));
    }
}
