package dev.tarn.local.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish that a running command ends: Ctrl-C and SIGTERM in production, a call in tests. */
public final class Stop {

    /** How long the process waits for the command to close what it opened, once asked to stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    /** A wish that arises when the process is asked to terminate; the process then waits for {@link #finished}. */
    public static Stop onTermination() {
        Stop stop = new Stop();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndWait, "tarn-stop"));
        return stop;
    }

    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits until the end is wished for, at most {@code time}; true when it is. */
    public boolean await(Duration time) throws InterruptedException {
        return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Says that the command has closed everything. */
    public void finished() {
        finished.countDown();
    }

    private void requestAndWait() {
        request();
        try {
            finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
