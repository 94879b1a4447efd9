package dev.tarn.model;

import static java.util.Objects.requireNonNull;

/**
 * What becomes of columns that are not what they were.
 *
 * @param added a column that the bronze table does not have
 * @param retyped a column that has another type than in the bronze table
 * @param removed a column that is gone from the source
 */
public record FieldPolicy(Added added, Retyped retyped, Removed removed) {

    /** {@code ADD}: the bronze table gets it; {@code RESCUE}: values go to {@code _rescued_data}; {@code NONE}: not read. */
    public enum Added {
        ADD,
        RESCUE,
        FAIL,
        NONE
    }

    /** {@code RESCUE}: what does not fit the former type goes to {@code _rescued_data}. */
    public enum Retyped {
        RESCUE,
        FAIL
    }

    /** {@code WARN}: new versions of rows hold NULL in it. */
    public enum Removed {
        WARN,
        FAIL
    }

    public FieldPolicy {
        requireNonNull(added, "added");
        requireNonNull(retyped, "retyped");
        requireNonNull(removed, "removed");
    }
}
