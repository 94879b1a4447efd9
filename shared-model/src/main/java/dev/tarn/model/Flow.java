package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A query and the table it fills.
 *
 * @param id unique in a plan and stable over its changes: the target's name unless the user named the flow
 * @param target the table; its first columns are {@code schema}
 * @param schema of the query's result, after all casts
 * @param partitionBy columns of {@code schema}, none for an unpartitioned table
 * @param comment on the table, empty when there is none
 * @param inputs every table the query reads, once each
 * @param sql the query for DuckDB. It refers to an input by its full name as one quoted identifier,
 *     {@code "bronze.account_move"}, and yields exactly the columns of {@code schema} in their order and types
 * @param expectations all of them, in the user's order
 * @param hash changes when the meaning of the flow changes (query, types, expectations, partitions), and only then
 * @param position where the statement begins
 */
public record Flow(
        String id,
        TableName target,
        Kind kind,
        TableSchema schema,
        List<String> partitionBy,
        String comment,
        List<Input> inputs,
        String sql,
        List<Expectation> expectations,
        String hash,
        SourcePosition position) {

    /** How the target follows its inputs. */
    public enum Kind {
        /** Every new row of the inputs passes the query once and is appended. */
        STREAMING_TABLE,
        /** The table always equals the query over its inputs as they are now. */
        MATERIALIZED_VIEW
    }

    /** A table that is read: by its new rows only ({@code streaming}), or whole. */
    public record Input(TableName table, boolean streaming) {
        public Input {
            requireNonNull(table, "table");
        }
    }

    public Flow {
        requireNonNull(target, "target");
        requireNonNull(kind, "kind");
        requireNonNull(schema, "schema");
        requireNonNull(comment, "comment");
        requireNonNull(position, "position");
        partitionBy = List.copyOf(partitionBy);
        inputs = List.copyOf(inputs);
        expectations = List.copyOf(expectations);
        if (id.isBlank() || sql.isBlank() || hash.isBlank()) {
            throw new IllegalArgumentException("a flow needs an id, a query and a hash");
        }
        for (String column : partitionBy) {
            if (schema.column(column).isEmpty()) {
                throw new IllegalArgumentException(target + " has no column " + column + " to partition by");
            }
        }
    }

    /** Whether the flow reads {@code table}. */
    public boolean reads(TableName table) {
        return inputs.stream().anyMatch(input -> input.table().equals(table));
    }
}
