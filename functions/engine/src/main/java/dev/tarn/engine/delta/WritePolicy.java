package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How changes are written where there is more than one right way.
 *
 * @param copyBelowBytes files smaller than that are copied without the rows that leave them; larger ones may get a
 *     deletion vector. A vector costs every later read, a copy costs once
 * @param copyAboveShare files that lose a larger share of their rows are copied, too
 * @param replaceAboveShare a view of which a larger share changed is written anew, whole
 * @param attempts how often work is planned before others' commits make it give up
 * @param pause lets the time between attempts pass
 */
record WritePolicy(long copyBelowBytes, double copyAboveShare, double replaceAboveShare, int attempts, Pause pause) {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final int MOST_DOUBLINGS = 6;

    WritePolicy {
        requireNonNull(pause, "pause");
        if (attempts < 1) {
            throw new IllegalArgumentException("work is attempted at least once");
        }
    }

    /** By what was measured: a vector pays in files of some megabytes of which little changes. */
    static WritePolicy usual() {
        return new WritePolicy(8L << 20, 0.1, 0.2, 20, Pause.real());
    }

    /**
     * Whether a file is copied rather than given a deletion vector.
     *
     * @param size of the file, in bytes
     * @param deleted rows that are hidden in it or leave it
     * @param physical all rows that it holds
     */
    boolean copies(long size, long deleted, long physical) {
        return size < copyBelowBytes || deleted > physical * copyAboveShare;
    }

    /** Waits before attempt {@code next}, counted from 1: longer each time, and for no two writers alike. */
    void rest(int next) {
        long most = FIRST_PAUSE.toMillis() << Math.min(next - 1, MOST_DOUBLINGS);
        try {
            pause.of(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, most + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while others committed", e);
        }
    }
}
