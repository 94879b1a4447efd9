package dev.tarn.compiler.statement;

import static dev.tarn.model.ErrorCode.SQL_SYNTAX;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.grammar.Types;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.compiler.statement.DatasetStatement.Constraint;
import dev.tarn.compiler.statement.DatasetStatement.DeclaredColumn;
import dev.tarn.compiler.statement.DatasetStatement.Kind;
import dev.tarn.compiler.statement.DatasetStatement.Named;
import dev.tarn.model.DataType;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/**
 * Reads the statements of one file by recursive descent over Spark's tokens. Spark's own parser does not know all of
 * Lakeflow's words; what stands inside, queries, conditions and types, is left to it.
 */
public final class StatementParser {

    private static final Set<String> AFTER_TYPE =
            Set.of("COMMENT", "NOT", "NULL", "DEFAULT", "GENERATED", "PRIMARY", "CONSTRAINT", "MASK", "REFERENCES");
    private static final String ONLY =
            "Only CREATE [OR REFRESH] STREAMING TABLE, CREATE [OR REFRESH] MATERIALIZED VIEW and"
                    + " CREATE TEMPORARY VIEW are read.";

    private final ProjectFile file;
    private final Problems problems;

    public StatementParser(ProjectFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Every statement that can be read; what is wrong with the others is noted. */
    public List<DatasetStatement> parse() {
        SparkGrammar grammar = new SparkGrammar(file);
        Optional<TokenCursor> cursor = problems.attempt(() -> new TokenCursor(grammar));
        return cursor.map(tokens -> new Reader(grammar, tokens).all()).orElse(List.of());
    }

    /** The state of reading one file. */
    private final class Reader {
        private final SparkGrammar grammar;
        private final TokenCursor tokens;
        private final Types types;

        Reader(SparkGrammar grammar, TokenCursor tokens) {
            this.grammar = grammar;
            this.tokens = tokens;
            this.types = new Types(grammar);
        }

        List<DatasetStatement> all() {
            List<DatasetStatement> statements = new ArrayList<>();
            while (!tokens.atEnd()) {
                if (!tokens.takeIf(";")) {
                    problems.attempt(this::statement).ifPresentOrElse(statements::add, tokens::skipStatement);
                }
            }
            return statements;
        }

        private DatasetStatement statement() {
            Token start = tokens.peek();
            Kind kind = kind();
            if (tokens.sees("IF")) {
                throw unsupported("IF NOT EXISTS", "Remove it: a statement describes the table as it shall be.");
            }
            Token nameStart = tokens.peek();
            List<String> name = name();
            Head head = new Head();
            if (tokens.takeIf("(")) {
                columns(head, kind);
            }
            if (kind == Kind.TEMPORARY_VIEW && !head.columns.isEmpty()) {
                throw unsupported(nameStart, "The column list of a temporary view", "Name the columns in its SELECT.");
            }
            clauses(head, kind);
            tokens.expect("AS");
            Slice query = tokens.takeStatement();
            return new DatasetStatement(
                    kind,
                    name,
                    grammar.at(nameStart),
                    head.columns,
                    head.constraints,
                    head.partitionBy,
                    head.comment,
                    query,
                    grammar.at(start),
                    grammar);
        }

        private Kind kind() {
            refuseOtherStatements();
            tokens.expect("CREATE");
            if (tokens.takeIf("OR", "REFRESH", "STREAMING", "TABLE") || tokens.takeIf("STREAMING", "TABLE")) {
                return Kind.STREAMING_TABLE;
            }
            if (tokens.takeIf("OR", "REFRESH", "MATERIALIZED", "VIEW") || tokens.takeIf("MATERIALIZED", "VIEW")) {
                return Kind.MATERIALIZED_VIEW;
            }
            if (tokens.takeIf("TEMPORARY", "VIEW") || tokens.takeIf("TEMP", "VIEW")) {
                return Kind.TEMPORARY_VIEW;
            }
            throw grammar.unexpected(tokens.peek());
        }

        private void refuseOtherStatements() {
            List<List<String>> others = List.of(
                    List.of("CREATE", "FLOW"),
                    List.of("CREATE", "VIEW"),
                    List.of("CREATE", "TABLE"),
                    List.of("CREATE", "LIVE"),
                    List.of("CREATE", "PRIVATE"),
                    List.of("CREATE", "OR", "REPLACE"),
                    List.of("CREATE", "OR", "REFRESH", "PRIVATE"),
                    List.of("CREATE", "OR", "REFRESH", "LIVE"),
                    List.of("CREATE", "TEMPORARY", "STREAMING"),
                    List.of("CREATE", "FUNCTION"),
                    List.of("APPLY", "CHANGES"),
                    List.of("AUTO", "CDC"),
                    List.of("SET"),
                    List.of("USE"),
                    List.of("INSERT"),
                    List.of("MERGE"),
                    List.of("DROP"),
                    List.of("ALTER"));
            for (List<String> words : others) {
                if (tokens.sees(words.toArray(String[]::new))) {
                    throw unsupported(String.join(" ", words), ONLY);
                }
            }
            if (tokens.sees("SELECT") || tokens.sees("WITH")) {
                throw Problems.refusal(
                        SQL_SYNTAX,
                        grammar.at(tokens.peek()),
                        "A query that fills no table.",
                        "Write CREATE OR REFRESH MATERIALIZED VIEW layer.table AS before it.");
            }
        }

        private List<String> name() {
            List<String> parts = new ArrayList<>();
            do {
                parts.add(Texts.name(tokens.takeName().getText()));
            } while (tokens.takeIf("."));
            return parts;
        }

        private void columns(Head head, Kind kind) {
            do {
                if (tokens.sees("CONSTRAINT")) {
                    head.constraints.add(constraint(kind));
                } else {
                    refuseTableConstraints();
                    head.columns.add(column());
                }
            } while (tokens.takeIf(","));
            tokens.expect(")");
        }

        private void refuseTableConstraints() {
            for (String word : List.of("PRIMARY", "FOREIGN", "CHECK", "UNIQUE")) {
                if (tokens.sees(word, "KEY") || tokens.sees(word, "(")) {
                    throw unsupported(word, "Write CONSTRAINT name EXPECT (condition).");
                }
            }
        }

        private Constraint constraint(Kind kind) {
            Token start = tokens.take();
            if (kind == Kind.TEMPORARY_VIEW) {
                throw unsupported(
                        start, "CONSTRAINT of a temporary view", "Write it at the table that reads the view.");
            }
            String name = Texts.name(tokens.takeName().getText());
            if (!tokens.sees("EXPECT")) {
                throw unsupported(
                        "CONSTRAINT ... " + tokens.peek().getText().toUpperCase(Locale.ROOT),
                        "Write CONSTRAINT name EXPECT (condition).");
            }
            tokens.expect("EXPECT", "(");
            Slice condition = tokens.takeUntilClosed();
            return new Constraint(name, condition, onViolation(), grammar.at(start));
        }

        private OnViolation onViolation() {
            if (!tokens.takeIf("ON", "VIOLATION")) {
                return OnViolation.WARN;
            }
            if (tokens.takeIf("DROP", "ROW")) {
                return OnViolation.DROP_ROW;
            }
            if (tokens.takeIf("FAIL", "UPDATE")) {
                return OnViolation.FAIL_UPDATE;
            }
            if (tokens.sees("QUARANTINE")) {
                throw unsupported("ON VIOLATION QUARANTINE", "Write ON VIOLATION DROP ROW, which counts the rows.");
            }
            throw grammar.unexpected(tokens.peek());
        }

        private DeclaredColumn column() {
            Token start = tokens.takeName();
            Slice type = tokens.takeUntil(AFTER_TYPE);
            Optional<DataType> dataType =
                    type.tokens().isEmpty() ? Optional.empty() : Optional.of(types.read(grammar.dataType(type)));
            String comment = tokens.takeIf("COMMENT") ? tokens.takeString() : "";
            if (!tokens.sees(",") && !tokens.sees(")")) {
                String word = tokens.peek().getText().toUpperCase(Locale.ROOT);
                if (AFTER_TYPE.contains(word) && !word.equals("COMMENT")) {
                    throw unsupported(
                            word + " at a column", "Leave it out; CONSTRAINT name EXPECT (condition) checks rows.");
                }
                throw grammar.unexpected(tokens.peek());
            }
            return new DeclaredColumn(Texts.name(start.getText()), dataType, comment, grammar.at(start));
        }

        private void clauses(Head head, Kind kind) {
            while (!tokens.sees("AS")) {
                refuseOtherClauses();
                if (tokens.takeIf("COMMENT")) {
                    head.comment = tokens.takeString();
                } else if (kind != Kind.TEMPORARY_VIEW && tokens.takeIf("PARTITIONED", "BY", "(")) {
                    partitions(head);
                } else if (kind == Kind.TEMPORARY_VIEW || !tokens.takeIf("USING", "DELTA")) {
                    throw grammar.unexpected(tokens.peek());
                }
            }
        }

        private void partitions(Head head) {
            do {
                Token column = tokens.takeName();
                head.partitionBy.add(new Named(Texts.name(column.getText()), grammar.at(column)));
            } while (tokens.takeIf(","));
            tokens.expect(")");
        }

        private void refuseOtherClauses() {
            List<List<String>> others = List.of(
                    List.of("CLUSTER", "BY"),
                    List.of("TBLPROPERTIES"),
                    List.of("SCHEDULE"),
                    List.of("TRIGGER"),
                    List.of("REFRESH", "POLICY"),
                    List.of("LOCATION"),
                    List.of("DEFAULT", "COLLATION"),
                    List.of("WITH", "ROW", "FILTER"),
                    List.of("WITH"),
                    List.of("FLOW"));
            for (List<String> words : others) {
                if (tokens.sees(words.toArray(String[]::new))) {
                    throw unsupported(String.join(" ", words), "Leave it out.");
                }
            }
            if (tokens.atEnd() || tokens.sees(";")) {
                throw unsupported("A table without a query", "Write AS and the query that fills it.");
            }
        }

        private TarnException unsupported(String what, String mend) {
            return unsupported(tokens.peek(), what, mend);
        }

        private TarnException unsupported(Token token, String what, String mend) {
            SourcePosition position = grammar.at(token);
            return Problems.refusal(SQL_UNSUPPORTED, position, what + " is not supported yet.", mend);
        }
    }

    /** What stands between the name and the query. */
    private static final class Head {
        private final List<DeclaredColumn> columns = new ArrayList<>();
        private final List<Constraint> constraints = new ArrayList<>();
        private final List<Named> partitionBy = new ArrayList<>();
        private String comment = "";
    }
}
