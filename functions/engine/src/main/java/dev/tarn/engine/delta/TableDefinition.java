package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Map;

/**
 * A table to be created.
 *
 * @param partitionBy columns of {@code schema} of a type that can be a part of a path: BOOLEAN, TINYINT to BIGINT,
 *     DECIMAL, STRING, DATE. In a STRING among them an empty text is stored as NULL, as Delta demands
 * @param comment empty when there is none
 * @param properties of Delta, {@code delta.*} and others
 */
public record TableDefinition(
        TableSchema schema, List<String> partitionBy, String comment, Map<String, String> properties) {

    public TableDefinition {
        requireNonNull(schema, "schema");
        requireNonNull(comment, "comment");
        partitionBy = List.copyOf(partitionBy);
        properties = Map.copyOf(properties);
        for (String column : partitionBy) {
            if (!schema.names().contains(column)) {
                throw new IllegalArgumentException("there is no column " + column + " to partition by");
            }
        }
    }

    /** Without partitions, comment and properties. */
    public static TableDefinition of(TableSchema schema) {
        return new TableDefinition(schema, List.of(), "", Map.of());
    }
}
