package dev.tarn.engine.duckdb;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Counts, rule by rule, the rows that break it. Safe to share between DuckDB's threads. */
public final class ViolationCounter {

    /** Most rules that can be counted in one pass: the bits of a BIGINT without its sign. */
    public static final int MOST_RULES = 63;

    private final LongAdder[] broken;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder judged = new LongAdder();
    private final long dropMask;

    /**
     * @param rules how many rules there are; rule {@code i} has bit {@code i}
     * @param dropMask bits of the rules whose violation drops the row
     */
    public ViolationCounter(int rules, long dropMask) {
        if (rules < 1 || rules > MOST_RULES || dropMask < 0 || dropMask >>> rules != 0) {
            throw new IllegalArgumentException(
                    "1 to " + MOST_RULES + " rules, got " + rules + " with mask " + dropMask);
        }
        this.broken = Stream.generate(LongAdder::new).limit(rules).toArray(LongAdder[]::new);
        this.dropMask = dropMask;
    }

    /** Rows that break rule {@code rule}. */
    public long broken(int rule) {
        return broken[rule].sum();
    }

    /** Rows that break at least one rule that drops. */
    public long dropped() {
        return dropped.sum();
    }

    /** Rows that were shown to the counter, those that break no rule included. */
    public long judged() {
        return judged.sum();
    }

    void addJudged(long rows) {
        judged.add(rows);
    }

    /** Counts one row that breaks the rules of {@code mask} and tells whether the row is kept. */
    boolean count(long mask) {
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            broken[Long.numberOfTrailingZeros(rest)].increment();
        }
        boolean keep = (mask & dropMask) == 0;
        if (!keep) {
            dropped.increment();
        }
        return keep;
    }

    @Override
    public String toString() {
        return "dropped " + dropped() + ", broken "
                + IntStream.range(0, broken.length).mapToObj(this::broken).toList();
    }
}
