package dev.tarn.engine.event;

/**
 * What an update did to rows that are told apart by keys.
 *
 * @param upserted rows that were inserted, or took the place of an older one
 * @param deleted rows that were taken away
 */
public record MergedRows(long upserted, long deleted) {

    public MergedRows {
        if (upserted < 0 || deleted < 0) {
            throw new IllegalArgumentException("rows are not negative: " + upserted + ", " + deleted);
        }
    }
}
