package dev.tarn.model;

import static java.util.Objects.requireNonNull;

/** The event that wakes flows: {@code table} has a commit {@code version}. It may come late, twice or not at all. */
public record TableCommitted(TableName table, long version) {

    public TableCommitted {
        requireNonNull(table, "table");
        if (version < 0) {
            throw new IllegalArgumentException("a version is not negative, got " + version);
        }
    }
}
