package dev.tarn.local.run;

import dev.tarn.connect.inbox.Drain;
import dev.tarn.connect.inbox.Drained;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.WebhookSource;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Brings the events of one endpoint into bronze as they come. */
final class EventDrain {

    /** While events keep coming, the table gets a version as often as this. */
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(200);

    /** Events that another process received are found as late as this. */
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final WebhookSource.Endpoint endpoint;
    private final Drain drain;
    private final UpListener listener;
    private final Semaphore woken = new Semaphore(0);
    private volatile boolean drainedOnce;
    private volatile boolean failed;
    private @Nullable ErrorCode told;

    EventDrain(WebhookSource.Endpoint endpoint, Drain drain, UpListener listener) {
        this.endpoint = endpoint;
        this.drain = drain;
        this.listener = listener;
    }

    String endpoint() {
        return endpoint.name();
    }

    /** A file came into the inbox. */
    void wake() {
        woken.release();
    }

    /** Once. A refusal is told once, not with every run that meets it again. */
    void drain() {
        try {
            drain.run(WINDOW, () -> false, this::tell);
            failed = false;
            told = null;
        } catch (TarnException refusal) {
            failed = true;
            if (told != refusal.code()) {
                told = refusal.code();
                listener.step(new Step.Failed(Stage.EXTRACT, endpoint.name(), refusal.problems()));
            }
        } catch (RuntimeException mistake) {
            failed = true;
            listener.mistake(endpoint.name(), mistake);
        } finally {
            drainedOnce = true;
        }
    }

    private void tell(Drained drained) {
        if (drained.version().isPresent()) {
            listener.step(new Step.Extracted(drained.table(), drained.events(), drained.took()));
        }
        if (drained.conflicts() > 0 || drained.unreadable() > 0) {
            listener.step(new Step.Remarked(endpoint.name(), drained.sentence() + "."));
        }
    }

    /** Until the end is asked for. */
    void keepDraining(Stop end) throws InterruptedException {
        drain();
        long last = System.nanoTime();
        while (!end.isRequested()) {
            boolean came = woken.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (came || System.nanoTime() - last > SWEEP.toNanos()) {
                woken.drainPermits();
                drain();
                last = System.nanoTime();
            }
        }
    }

    boolean hasDrained() {
        return drainedOnce;
    }

    /** Whether the last run failed. */
    boolean hasFailed() {
        return failed;
    }
}
