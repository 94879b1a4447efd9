package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Map;

/**
 * A table to be created.
 *
 * @param partitionBy columns of {@code schema} of a type that can be a part of a path: BOOLEAN, TINYINT to BIGINT,
 *     DECIMAL, STRING, DATE. In a STRING among them an empty text is stored as NULL, as Delta demands
 * @param clusterBy columns by which the rows that one write brings are sorted
 * @param comment empty when there is none
 * @param properties of Delta, {@code delta.*} and others
 */
public record TableDefinition(
        TableSchema schema,
        List<String> partitionBy,
        List<String> clusterBy,
        String comment,
        Map<String, String> properties) {

    public TableDefinition {
        requireNonNull(schema, "schema");
        requireNonNull(comment, "comment");
        partitionBy = List.copyOf(partitionBy);
        clusterBy = List.copyOf(clusterBy);
        properties = Map.copyOf(properties);
        for (String column : partitionBy) {
            if (!schema.names().contains(column)) {
                throw new IllegalArgumentException("there is no column " + column + " to partition by");
            }
        }
    }

    /** In no order of rows. */
    public TableDefinition(
            TableSchema schema, List<String> partitionBy, String comment, Map<String, String> properties) {
        this(schema, partitionBy, List.of(), comment, properties);
    }

    /** A query's rows in the order in which they are to be written. */
    public String ordered(String sql) {
        return clusterBy.isEmpty() ? sql : "SELECT * FROM (" + sql + ") ORDER BY " + Sql.identifiers(clusterBy);
    }

    /** Without partitions, comment and properties. */
    public static TableDefinition of(TableSchema schema) {
        return new TableDefinition(schema, List.of(), "", Map.of());
    }
}
