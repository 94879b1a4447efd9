package dev.tarn.local.run;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.Extraction;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at one source again and again, and extracts what is new. */
final class Looks {

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;

    private final String source;
    private final Supplier<List<Extracted>> first;
    private final Supplier<List<Extracted>> due;
    private final Duration every;
    private final UpListener listener;
    private final Lake lake;
    private final FailedAttempts failed;
    private volatile boolean lookedOnce;
    private volatile int failures;
    private @Nullable ErrorCode told;
    private final Set<String> toldRemarks = new HashSet<>();

    Looks(Lake lake, String source, Extraction extraction, Duration every, UpListener listener) {
        this(lake, source, extraction::extract, extraction::extractDue, every, listener);
    }

    /**
     * Looks at what is no source of tables.
     *
     * @param first look, and those that are due afterwards
     */
    Looks(
            Lake lake,
            String source,
            Supplier<List<Extracted>> first,
            Supplier<List<Extracted>> due,
            Duration every,
            UpListener listener) {
        this.lake = lake;
        this.failed = new FailedAttempts(lake.storage());
        this.source = source;
        this.first = first;
        this.due = due;
        this.every = every;
        this.listener = listener;
    }

    /** One look. A refusal is told once, not with every look that meets it again. */
    void look() {
        try {
            List<Extracted> tables = lookedOnce ? due.get() : firstExtract();
            if (failures > 0 || !lookedOnce) {
                failed.forget(UpdateRecord.Kind.EXTRACT, source);
            }
            failures = 0;
            told = null;
            tables.stream()
                    .filter(table -> table.version().isPresent())
                    .forEach(table -> listener.step(new Step.Extracted(table.table(), table.rows(), table.took())));
            tables.stream()
                    .flatMap(table -> table.remarks().stream())
                    .filter(toldRemarks::add)
                    .forEach(remark -> listener.step(new Step.Remarked(source, remark)));
        } catch (TarnException refusal) {
            failures++;
            failed.count(
                    UpdateRecord.Kind.EXTRACT,
                    source,
                    refusal,
                    null,
                    lake.clock().instant());
            if (told != refusal.code()) {
                told = refusal.code();
                listener.step(new Step.Failed(Stage.EXTRACT, source, refusal.problems()));
            }
        } catch (RuntimeException mistake) {
            failures++;
            listener.mistake(source, mistake);
        } finally {
            lookedOnce = true;
        }
    }

    private List<Extracted> firstExtract() {
        return listener.during("read " + source, first);
    }

    /** Looks until the end is asked for. */
    void keepLooking(Stop end) throws InterruptedException {
        Duration rest = Duration.ZERO;
        while (!end.await(rest)) {
            boolean first = !lookedOnce;
            long began = System.nanoTime();
            look();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            // Looks that take long must not keep the source busy all the time; the first one, which reads all, does not
            // count.
            rest = longer(pause().minus(took), first ? Duration.ZERO : took);
        }
    }

    /** From one look's beginning to the next: longer and longer while the source refuses. */
    private Duration pause() {
        Duration pause = every.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return failures == 0 || pause.compareTo(LONGEST_PAUSE) < 0 ? pause : longer(every, LONGEST_PAUSE);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    String source() {
        return source;
    }

    boolean hasLooked() {
        return lookedOnce;
    }

    /** Whether the last look failed. */
    boolean hasFailed() {
        return failures > 0;
    }
}
