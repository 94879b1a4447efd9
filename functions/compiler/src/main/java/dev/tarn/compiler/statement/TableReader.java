package dev.tarn.compiler.statement;

import dev.tarn.compiler.statement.FlowStatement.Insertion;
import dev.tarn.model.Dataset;
import dev.tarn.model.SourcePosition;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the statement of a table or a view behind the words that say which it is. */
final class TableReader {

    private static final String UPDATED = "Leave it out: the table is updated when what it reads changes.";

    /** Clauses that Lakeflow has and Tarn has not: their words, and what to do instead. */
    private static final List<List<String>> OTHERS = List.of(
            List.of("LOCATION", "Leave it out: the table lies in the lake, below its layer."),
            List.of("SCHEDULE", UPDATED),
            List.of("TRIGGER ON UPDATE", UPDATED),
            List.of("REFRESH POLICY", "Leave it out: how the table is computed is Tarn's choice."),
            List.of(
                    "WITH ROW FILTER",
                    "Filter in the query of a table of its own: who may read the lake reads all of it."),
            List.of("ROW FILTER", "Filter in the query of a table of its own: who may read the lake reads all of it."),
            List.of("DEFAULT COLLATION", "Leave it out: texts are compared letter by letter."),
            List.of("CLUSTER BY AUTO", "Name the columns: CLUSTER BY (column, ...)."),
            List.of("CLUSTER BY NONE", "Leave it out."),
            List.of("OPTIONS", "Write TBLPROPERTIES, or leave it out."),
            List.of("CLUSTERED BY", "Write CLUSTER BY (column, ...)."));

    private final TokenCursor tokens;
    private final Surroundings surroundings;
    private final FlowReader flows;
    private final ColumnListReader list;
    private List<Named> partitionBy = List.of();
    private List<Named> clusterBy = List.of();
    private List<Property> properties = List.of();
    private String comment = "";

    TableReader(TokenCursor tokens, Surroundings surroundings) {
        this.tokens = tokens;
        this.surroundings = surroundings;
        this.flows = new FlowReader(tokens, surroundings);
        this.list = new ColumnListReader(tokens);
    }

    TableStatement table(Dataset.Kind kind, boolean isPrivate, SourcePosition start) {
        // Whether the table is there already is nothing a statement has to ask: it says how the table shall be.
        tokens.takeIf("IF", "NOT", "EXISTS");
        QualifiedName name = tokens.takeQualifiedName();
        if (tokens.takeIf("(")) {
            list.read();
        }
        clauses();
        return new TableStatement(
                kind,
                name,
                isPrivate,
                list.columns(),
                list.constraints(),
                partitionBy,
                clusterBy,
                comment,
                properties,
                flow(kind, name, start),
                surroundings,
                start);
    }

    private Optional<FlowStatement> flow(Dataset.Kind kind, QualifiedName target, SourcePosition start) {
        boolean streaming = kind == Dataset.Kind.STREAMING_TABLE;
        if (streaming && tokens.takeIf("FLOW")) {
            return Optional.of(flows.inline(target, start));
        }
        if (streaming && tokens.atEndOfStatement()) {
            return Optional.empty();
        }
        if (tokens.atEndOfStatement()) {
            throw tokens.syntax(
                    tokens.position(),
                    "The materialized view " + target.written() + " has no query.",
                    "Write AS and the query that it equals.");
        }
        tokens.expect("AS");
        return Optional.of(new FlowStatement(
                "", target, new Insertion(tokens.takeStatement(), false, false), surroundings, start));
    }

    private void clauses() {
        Clauses clauses = new Clauses(tokens);
        while (!tokens.sees("AS") && !tokens.sees("FLOW") && !tokens.atEndOfStatement()) {
            refuseOthers();
            if (clauses.takeIf("COMMENT")) {
                comment = tokens.takeString();
            } else if (clauses.takeIf("PARTITIONED", "BY", "(")) {
                partitionBy = tokens.takeNamesUntilClosed();
            } else if (clauses.takeIf("CLUSTER", "BY", "(")) {
                clusterBy = tokens.takeNamesUntilClosed();
            } else if (clauses.takeIf("TBLPROPERTIES", "(")) {
                properties = new TableProperties(tokens).read();
            } else if (!clauses.takeIf("USING", "DELTA")) {
                throw tokens.unexpected();
            }
        }
    }

    private void refuseOthers() {
        for (List<String> other : OTHERS) {
            if (tokens.sees(other.get(0).split(" "))) {
                throw tokens.unsupported(other.get(0), other.get(1));
            }
        }
        if (tokens.sees("USING") && !tokens.sees("USING", "DELTA")) {
            throw tokens.unsupported(
                    "USING " + tokens.peek(1).getText().toUpperCase(Locale.ROOT),
                    "Leave it out: tables of the lake are Delta tables.");
        }
    }

    ViewStatement view(boolean temporary, SourcePosition start) {
        QualifiedName name = tokens.takeQualifiedName();
        if (tokens.takeIf("(")) {
            list.read();
        }
        for (DeclaredColumn column : list.columns()) {
            if (column.type().isPresent() || column.required()) {
                throw tokens.unsupported(
                        column.position(),
                        (column.required() ? "NOT NULL" : "A type") + " at a column of a view",
                        column.required()
                                ? "Write CONSTRAINT name EXPECT (" + column.name() + " IS NOT NULL)."
                                : "CAST the column in the query.");
            }
        }
        Clauses clauses = new Clauses(tokens);
        while (!tokens.sees("AS")) {
            refuseOthers();
            if (tokens.sees("TBLPROPERTIES")) {
                throw tokens.unsupported("TBLPROPERTIES of a view", "Leave it out: of a view nothing is stored.");
            }
            if (!clauses.takeIf("COMMENT")) {
                throw tokens.unexpected();
            }
            tokens.takeString();
        }
        tokens.expect("AS");
        List<Named> columns = list.columns().stream()
                .map(column -> new Named(column.name(), column.position()))
                .toList();
        return new ViewStatement(
                temporary, name, columns, list.constraints(), tokens.takeStatement(), surroundings, start);
    }
}
