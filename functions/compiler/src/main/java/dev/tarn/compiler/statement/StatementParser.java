package dev.tarn.compiler.statement;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.model.Dataset.Kind;
import dev.tarn.model.SourcePosition;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the statements of one file by recursive descent over Spark's tokens. Spark's own parser does not know all of
 * Lakeflow's words; what stands inside, queries, conditions and types, is left to it.
 */
public final class StatementParser {

    private static final String AUTO_CDC = "Write CREATE FLOW name AS AUTO CDC INTO: its rows are told apart by keys.";
    private static final String STATEMENT_OF_TABLE = "Change the statement that makes the table.";

    /** Statements that Spark or Databricks has and a project has not: their words, and what to do instead. */
    private static final List<List<String>> OTHERS = List.of(
            List.of("CREATE OR REPLACE", "Write CREATE OR REFRESH."),
            List.of("CREATE TABLE", "Write CREATE OR REFRESH STREAMING TABLE or CREATE OR REFRESH MATERIALIZED VIEW."),
            List.of("CREATE SINK", "Publish a gold table with a file of sinks/."),
            List.of("CREATE FUNCTION", "Write its expression where it is needed."),
            List.of("CREATE TEMPORARY FUNCTION", "Write its expression where it is needed."),
            List.of("CREATE SCHEMA", "Leave it out: the layers bronze, silver and gold are always there."),
            List.of("CREATE CATALOG", "Leave it out: a lake is one catalog."),
            List.of("REFRESH", "Leave it out: a table is updated when what it reads changes."),
            List.of("ALTER", STATEMENT_OF_TABLE),
            List.of("COMMENT ON", STATEMENT_OF_TABLE),
            List.of("DROP", "Remove the statement that makes the table."),
            List.of("MERGE", AUTO_CDC),
            List.of("UPDATE", AUTO_CDC),
            List.of("DELETE", AUTO_CDC),
            List.of("TRUNCATE", AUTO_CDC),
            List.of("OPTIMIZE", "Run tarn table optimize."),
            List.of("VACUUM", "Run tarn table vacuum."),
            List.of("DECLARE", "Write the value where it is needed."));

    private final ProjectFile file;
    private final Problems problems;

    public StatementParser(ProjectFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * Every statement that can be read; what is wrong with the others is noted.
     *
     * @param names what names mean where the file sets nothing else
     * @param timezone of the project, empty when it is not known
     */
    public List<Statement> parse(Names names, Optional<ZoneId> timezone) {
        SparkGrammar grammar = new SparkGrammar(file);
        Optional<TokenCursor> cursor = problems.attempt(() -> new TokenCursor(grammar));
        return cursor.map(tokens -> new Reader(tokens, new FileSettings(tokens, names, timezone)).all())
                .orElse(List.of());
    }

    /** The state of reading one file. */
    private final class Reader {
        private final TokenCursor tokens;
        private final FileSettings settings;

        Reader(TokenCursor tokens, FileSettings settings) {
            this.tokens = tokens;
            this.settings = settings;
        }

        List<Statement> all() {
            List<Statement> statements = new ArrayList<>();
            while (!tokens.atEnd()) {
                if (!tokens.takeIf(";")) {
                    problems.attempt(this::one).ifPresentOrElse(statements::addAll, tokens::skipStatement);
                }
            }
            return statements;
        }

        /** The next statement, or nothing when it is a setting of the file. */
        private List<Statement> one() {
            List<Statement> read = settings.takeIf() ? List.of() : List.of(statement());
            if (!tokens.atEndOfStatement()) {
                throw tokens.unexpected();
            }
            return read;
        }

        private Statement statement() {
            refuseOthers();
            SourcePosition start = tokens.position();
            FlowReader flows = new FlowReader(tokens, settings.surroundings());
            if (tokens.takeIf("INSERT")) {
                return flows.insertion("", start);
            }
            if (tokens.takeIf("APPLY", "CHANGES")) {
                return flows.changes("", start);
            }
            if (tokens.takeIf("CREATE", "FLOW")) {
                return flows.named(start);
            }
            tokens.expect("CREATE");
            return created(start);
        }

        private Statement created(SourcePosition start) {
            boolean refresh = tokens.takeIf("OR", "REFRESH");
            boolean isPrivate = tokens.takeIf("PRIVATE");
            boolean temporary = tokens.takeIf("TEMPORARY") || tokens.takeIf("TEMP");
            TableReader reader = new TableReader(tokens, settings.surroundings());
            if (tokens.takeIf("STREAMING", "TABLE") || tokens.takeIf("STREAMING", "LIVE", "TABLE")) {
                return reader.table(Kind.STREAMING_TABLE, isPrivate || temporary, start);
            }
            if (tokens.takeIf("MATERIALIZED", "VIEW") || tokens.takeIf("LIVE", "TABLE")) {
                return reader.table(Kind.MATERIALIZED_VIEW, isPrivate || temporary, start);
            }
            if (!refresh && tokens.takeIf("LIVE", "VIEW")) {
                return reader.view(true, start);
            }
            if (!refresh && tokens.takeIf("VIEW")) {
                return reader.view(isPrivate || temporary, start);
            }
            throw tokens.unexpected();
        }

        private void refuseOthers() {
            for (List<String> other : OTHERS) {
                if (tokens.sees(other.get(0).split(" "))) {
                    throw tokens.unsupported(other.get(0), other.get(1));
                }
            }
            if (tokens.sees("SELECT") || tokens.sees("WITH")) {
                throw tokens.syntax(
                        tokens.position(),
                        "A query that fills no table.",
                        "Write CREATE OR REFRESH MATERIALIZED VIEW layer.table AS before it.");
            }
            if (tokens.sees("AUTO", "CDC")) {
                throw tokens.syntax(
                        tokens.position(), "AUTO CDC outside of a flow.", "Write CREATE FLOW name AS before it.");
            }
        }
    }
}
