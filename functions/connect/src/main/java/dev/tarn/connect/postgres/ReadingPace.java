package dev.tarn.connect.postgres;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Holds back the readers of one feed together, so that they take no more than so much in a second. */
final class ReadingPace {

    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final boolean limited;
    private final double bytesPerSecond;
    private final long began = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();

    /** @param megabytesPerSecond null for as much as comes */
    ReadingPace(@Nullable Integer megabytesPerSecond) {
        this.limited = megabytesPerSecond != null;
        this.bytesPerSecond =
                megabytesPerSecond == null ? Double.POSITIVE_INFINITY : megabytesPerSecond * BYTES_PER_MEGABYTE;
    }

    /** Returns when the first {@code count} of the rows may have been taken; early only when the thread is interrupted. */
    void took(byte[][] rows, int count) {
        if (!limited) {
            return;
        }
        long more = 0;
        for (int row = 0; row < count; row++) {
            more += rows[row].length;
        }
        double seconds = bytes.addAndGet(more) / bytesPerSecond;
        long due = began + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        for (long left = due - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = due - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }
}
