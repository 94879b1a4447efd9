package dev.tarn.engine.delta;

/** How many rows a change adds, changes and takes away. A replacement of whole files counts all their rows. */
public record RowCounts(long inserted, long updated, long deleted) {

    public static final RowCounts NONE = new RowCounts(0, 0, 0);

    public RowCounts {
        if (inserted < 0 || updated < 0 || deleted < 0) {
            throw new IllegalArgumentException("rows are not negative");
        }
    }

    /** Whether no row is touched. */
    public boolean isNothing() {
        return inserted == 0 && updated == 0 && deleted == 0;
    }
}
