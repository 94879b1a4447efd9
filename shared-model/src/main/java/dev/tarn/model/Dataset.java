package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table that flows fill, as the project describes it.
 *
 * @param schema all columns, those that Tarn adds included
 * @param required columns in which no row may be NULL
 * @param partitionBy columns of {@code schema}, none for an unpartitioned table
 * @param clusterBy columns of {@code schema} by which rows lie together, none when their order does not matter
 * @param comment on the table, empty when there is none
 * @param properties of the table, {@code delta.*}, {@code pipelines.*} and the user's own
 * @param position where the statement begins
 */
public record Dataset(
        TableName name,
        Kind kind,
        TableSchema schema,
        Set<String> required,
        List<String> partitionBy,
        List<String> clusterBy,
        String comment,
        Map<String, String> properties,
        SourcePosition position) {

    /** How the table follows what its flows read. */
    public enum Kind {
        /** Every new row of the inputs passes a flow once. */
        STREAMING_TABLE,
        /** The table always equals its query over the inputs as they are now. */
        MATERIALIZED_VIEW
    }

    public Dataset {
        requireNonNull(name, "name");
        requireNonNull(kind, "kind");
        requireNonNull(schema, "schema");
        requireNonNull(comment, "comment");
        requireNonNull(position, "position");
        required = Set.copyOf(required);
        partitionBy = List.copyOf(partitionBy);
        clusterBy = List.copyOf(clusterBy);
        properties = Map.copyOf(properties);
        List<String> named = new ArrayList<>(required);
        named.addAll(partitionBy);
        named.addAll(clusterBy);
        for (String column : named) {
            if (!schema.names().contains(column)) {
                throw new IllegalArgumentException(name + " has no column " + column);
            }
        }
    }

    /** A table of columns, and of nothing else that is worth saying. */
    public static Dataset of(TableName name, Kind kind, TableSchema schema, SourcePosition position) {
        return new Dataset(name, kind, schema, Set.of(), List.of(), List.of(), "", Map.of(), position);
    }
}
