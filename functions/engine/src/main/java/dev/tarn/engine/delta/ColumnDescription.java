package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.DataType;

/**
 * A column of a table, or a field of a column that is a STRUCT, and in how many of the table's files what is known of it.
 *
 * @param path name of the column, or names down to the field with points between
 * @param comment empty when there is none
 * @param statistics of a STRUCT are those of its fields, and its own are 0
 */
public record ColumnDescription(
        String path, DataType type, boolean nullable, boolean partition, String comment, Statistics statistics) {

    /** Numbers of files that tell the least and the greatest value, and how often the column is NULL. */
    public record Statistics(long min, long max, long nullCount) {}

    public ColumnDescription {
        requireNonNull(path, "path");
        requireNonNull(type, "type");
        requireNonNull(comment, "comment");
        requireNonNull(statistics, "statistics");
    }
}
