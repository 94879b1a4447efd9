package dev.tarn.engine.delta;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How a thread lets time pass. */
@FunctionalInterface
public interface Pause {

    /** Answers after {@code time}, or throws as soon as the thread is interrupted. */
    void of(Duration time) throws InterruptedException;

    /** The time of this machine. */
    static Pause real() {
        Semaphore never = new Semaphore(0);
        return time -> {
            if (never.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("nobody gives what is waited for");
            }
        };
    }
}
