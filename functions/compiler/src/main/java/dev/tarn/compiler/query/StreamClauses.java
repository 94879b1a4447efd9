package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.project.Problems;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Flow;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColumnReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DereferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OptionsClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WatermarkClauseContext;

/** Understands what may stand behind the table of a STREAM. */
final class StreamClauses {

    private static final String SKIP_CHANGES = "skipChangeCommits";

    private final Site site;

    StreamClauses(Site site) {
        this.site = site;
    }

    /** How a stream with these options is read. */
    Flow.Reading reading(OptionsClauseContext options) {
        Flow.Reading reading = Flow.Reading.STREAM;
        for (PropertyContext option : options.propertyList().property()) {
            String key = text(option.getChild(0));
            if (!key.equalsIgnoreCase(SKIP_CHANGES)) {
                throw site.unsupported(
                        option, "The option " + key + " of a stream", "Only " + SKIP_CHANGES + " is honoured.");
            }
            String value = option.getChildCount() == 1 ? "true" : text(option.getChild(option.getChildCount() - 1));
            if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                throw Problems.refusal(
                        CONFIGURATION_INVALID,
                        site.grammar().at(option),
                        SKIP_CHANGES + " cannot be '" + value + "'.",
                        "Write 'true' or 'false'.");
            }
            reading = value.equalsIgnoreCase("true") ? Flow.Reading.STREAM_WITHOUT_CHANGES : Flow.Reading.STREAM;
        }
        return reading;
    }

    private static String text(ParseTree written) {
        String text = written.getText();
        return text.startsWith("'") || text.startsWith("\"") ? Texts.string(text) : text;
    }

    /**
     * A watermark bounds what grouping, joining and deduplicating streams remember. No query over a stream remembers
     * anything here, so one that Spark would take changes nothing.
     */
    void checkWatermark(WatermarkClauseContext watermark, Scope scope) {
        ParserRuleContext column = watermark.colName.expression();
        while (column.getChildCount() == 1
                && column.getChild(0) instanceof ParserRuleContext child
                && !(column instanceof ColumnReferenceContext)) {
            column = child;
        }
        boolean plain = column instanceof ColumnReferenceContext || column instanceof DereferenceContext;
        if (!plain || watermark.colName.name != null || watermark.colName.identifierList() != null) {
            throw site.unsupported(watermark, "WATERMARK of an expression", "Name a column of the stream.");
        }
        Typed value = new ExpressionBinder(site, scope, Place.ROWS, Set.of()).bind(column);
        if (value.type() != Simple.TIMESTAMP && value.type() != Simple.TIMESTAMP_NTZ) {
            throw site.mismatch(
                    watermark,
                    "WATERMARK of " + PredicateBinder.shown(column, value) + ", which is no moment.",
                    "Name a column of type TIMESTAMP.");
        }
        if (watermark.delay.getText().contains("-")) {
            throw site.mismatch(watermark.delay, "A watermark's delay is not negative.", "Write INTERVAL 10 MINUTES.");
        }
    }
}
