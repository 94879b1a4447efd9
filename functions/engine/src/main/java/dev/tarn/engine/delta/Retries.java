package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often work on a table is tried while other writers come first, and how long it rests in between: longer each time, and
 * for no two writers alike.
 *
 * @param attempts how often it is planned before it gives up
 * @param pause lets the time between attempts pass
 */
public record Retries(int attempts, Pause pause) {

    private static final int USUAL_ATTEMPTS = 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final int MOST_DOUBLINGS = 6;

    public Retries {
        requireNonNull(pause, "pause");
        if (attempts < 1) {
            throw new IllegalArgumentException("work is attempted at least once");
        }
    }

    /** As often as writers that take about as long as one another need at most. */
    public static Retries usual(Pause pause) {
        return new Retries(USUAL_ATTEMPTS, pause);
    }

    /** Waits after attempt {@code made}, counted from 1. */
    public void rest(int made) {
        long most = FIRST_PAUSE.toMillis() << Math.min(made - 1, MOST_DOUBLINGS);
        try {
            pause.of(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, most + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while others committed"));
        }
    }

    /** What is thrown after the last attempt: COMMIT_CONFLICT. */
    public TarnException exhausted(String table, String work) {
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                work + " of " + table + " was planned " + attempts
                        + " times, and each time another writer changed what it had read before it was committed. Nothing of"
                        + " it is in the table.",
                "Run it again, or let fewer writers change these rows at a time.");
    }
}
