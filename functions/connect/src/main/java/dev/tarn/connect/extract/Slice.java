package dev.tarn.connect.extract;

import java.util.List;
import java.util.stream.LongStream;

/** A share of a table's keys, taken by whole buckets. */
record Slice(long number, long count) {

    /** DuckDB keeps a key that it groups by in some 50 bytes. */
    private static final long ROWS = 3_000_000;

    static List<Slice> of(long rows) {
        long count = 1 + rows / ROWS;
        return LongStream.range(0, count)
                .mapToObj(number -> new Slice(number, count))
                .toList();
    }

    /** The condition that a key belongs to it, in DuckDB. */
    String of(Keys keys) {
        return count == 1 ? "true" : keys.slotInDuckDb() + " % " + count + " = " + number;
    }
}
