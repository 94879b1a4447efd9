package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * A query and the table it fills.
 *
 * @param id unique in a plan and stable over its changes: the target's name unless the user named the flow
 * @param dataset the target. Several flows may have one target
 * @param effect what becomes of the rows
 * @param inputs every table the query reads, once each
 * @param sql the query for DuckDB. It refers to an input by its full name as one quoted identifier,
 *     {@code "bronze.account_move"}, and yields exactly the columns of the target in their order and types, or what
 *     {@link Effect.AutoCdc} says
 * @param expectations on the rows that the query yields, in the user's order
 * @param views those inside of the query whose rows are judged, too
 * @param hash changes when the meaning of the flow changes (query, types, expectations, effect), and only then
 * @param position where the statement begins
 */
public record Flow(
        String id,
        Dataset dataset,
        Effect effect,
        List<Input> inputs,
        String sql,
        List<Expectation> expectations,
        List<JudgedView> views,
        String hash,
        SourcePosition position) {

    /** A table that is read. */
    public record Input(TableName table, Reading reading) {
        public Input {
            requireNonNull(table, "table");
            requireNonNull(reading, "reading");
        }

        public boolean streaming() {
            return reading != Reading.WHOLE;
        }
    }

    /** How a table is read. */
    public enum Reading {
        /** All its rows, each time. */
        WHOLE,
        /** The rows that came since the last time. Commits that changed rows are refused. */
        STREAM,
        /** The rows that came since the last time. Commits that changed rows are left out: {@code skipChangeCommits}. */
        STREAM_WITHOUT_CHANGES
    }

    public Flow {
        requireNonNull(dataset, "dataset");
        requireNonNull(effect, "effect");
        requireNonNull(position, "position");
        inputs = List.copyOf(inputs);
        expectations = List.copyOf(expectations);
        views = List.copyOf(views);
        if (id.isBlank() || sql.isBlank() || hash.isBlank()) {
            throw new IllegalArgumentException("a flow needs an id, a query and a hash");
        }
        if ((effect instanceof Effect.Replace) != (dataset.kind() == Dataset.Kind.MATERIALIZED_VIEW)) {
            throw new IllegalArgumentException(id + ": a materialized view is replaced, and nothing else is");
        }
    }

    /** Name of the table that is filled. */
    public TableName target() {
        return dataset.name();
    }

    /** Columns of the table that is filled. */
    public TableSchema schema() {
        return dataset.schema();
    }

    /** Those on the rows that the query yields, then those of the views. */
    public List<Expectation> allExpectations() {
        return Stream.concat(expectations.stream(), views.stream().flatMap(view -> view.expectations().stream()))
                .toList();
    }

    /** Whether the flow reads {@code table}. */
    public boolean reads(TableName table) {
        return inputs.stream().anyMatch(input -> input.table().equals(table));
    }
}
