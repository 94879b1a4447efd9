package dev.tarn.compiler.statement;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.project.PipelineSpec;
import dev.tarn.compiler.project.Problems;
import dev.tarn.model.Layer;
import dev.tarn.model.SourcePosition;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** SET and USE: they hold from where they stand to the end of the file. */
final class FileSettings {

    private static final String TIMEZONE = "spark.sql.session.timeZone";

    private final TokenCursor tokens;
    private final Optional<ZoneId> timezone;
    private Names names;

    FileSettings(TokenCursor tokens, Names names, Optional<ZoneId> timezone) {
        this.tokens = tokens;
        this.names = names;
        this.timezone = timezone;
    }

    Surroundings surroundings() {
        return new Surroundings(tokens.grammar(), names);
    }

    /** Takes a setting when one comes next. Refuses it when Tarn cannot honour it. */
    boolean takeIf() {
        SourcePosition start = tokens.position();
        if (tokens.takeIf("USE", "CATALOG") || tokens.takeIf("SET", "CATALOG")) {
            requireCatalog(catalog());
            return true;
        }
        if (tokens.takeIf("USE")) {
            use();
            return true;
        }
        if (tokens.takeIf("SET")) {
            set(start);
            return true;
        }
        return false;
    }

    private Named catalog() {
        SourcePosition position = tokens.position();
        return Texts.isString(tokens.peek()) ? new Named(tokens.takeString(), position) : tokens.takeNamed();
    }

    private void requireCatalog(Named written) {
        if (names.catalog().filter(written.name()::equalsIgnoreCase).isEmpty()) {
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    written.position(),
                    "'" + written.name() + "' is not the project's catalog"
                            + names.catalog().map(own -> ", which is " + own).orElse("") + ".",
                    "Leave it out: a project has one catalog, that of spark-pipeline.yml.");
        }
    }

    private void use() {
        boolean schema = tokens.takeIf("SCHEMA") || tokens.takeIf("DATABASE");
        QualifiedName written = tokens.takeQualifiedName();
        List<String> parts = written.parts();
        if (parts.size() == 2) {
            requireCatalog(new Named(parts.get(0), written.position()));
        }
        Optional<Layer> layer = parts.size() > 2 ? Optional.empty() : PipelineSpec.layer(parts.get(parts.size() - 1));
        names = names.using(layer.orElseThrow(() -> Problems.refusal(
                CONFIGURATION_INVALID,
                written.position(),
                "'" + written.written() + "' is not a layer.",
                "Write " + (schema ? "USE SCHEMA" : "USE") + " bronze, silver or gold.")));
    }

    private void set(SourcePosition start) {
        Slice text = tokens.takeStatement();
        String written = SparkGrammar.text(text);
        int equals = written.indexOf('=');
        String key = (equals < 0 ? written : written.substring(0, equals)).strip();
        if (!key.equals(TIMEZONE) || equals < 0) {
            throw tokens.unsupported(
                    start,
                    "SET " + key.replaceAll("\\s+", " ") + (equals < 0 ? " without a value" : ""),
                    "Leave it out: only " + TIMEZONE + " may be set, to the project's time zone.");
        }
        String value = written.substring(equals + 1).strip().replaceAll("^(['\"])(.*)\\1$", "$2");
        if (timezone.filter(zone -> !zone.getId().equals(value)).isPresent()) {
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    start,
                    TIMEZONE + " is set to '" + value + "', and the project's time zone is "
                            + timezone.map(ZoneId::getId).orElse("not known") + ".",
                    "Leave it out: a project has one time zone, that of tarn.yml.");
        }
    }
}
