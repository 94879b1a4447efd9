package dev.tarn.model;

import static java.util.Objects.requireNonNull;

/**
 * A rule that every row of a table is expected to keep. A condition that evaluates to NULL counts as broken; write
 * {@code x IS NULL OR ...} to accept missing values.
 *
 * @param name unique within its table
 * @param condition as the user wrote it, in Spark SQL
 * @param sql the same condition in DuckDB SQL, over the columns of the flow's result
 * @param position where it stands
 */
public record Expectation(String name, String condition, String sql, OnViolation onViolation, SourcePosition position) {

    /** What becomes of a row that breaks the rule. */
    public enum OnViolation {
        /** Kept and counted. */
        WARN,
        /** Left out and counted. */
        DROP_ROW,
        /** Left out, counted and kept aside in the target's quarantine: Tarn's own, Lakeflow does not have it. */
        QUARANTINE,
        /** The whole update fails and writes nothing. */
        FAIL_UPDATE
    }

    public Expectation {
        requireNonNull(onViolation, "onViolation");
        requireNonNull(position, "position");
        if (name.isBlank() || condition.isBlank() || sql.isBlank()) {
            throw new IllegalArgumentException("an expectation needs a name and a condition");
        }
    }
}
