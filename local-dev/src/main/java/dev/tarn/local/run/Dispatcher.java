package dev.tarn.local.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs that commits wake. A job is due when a table it reads has a version that no run of it has started from
 * yet: events may come late, twice or out of order. It waits while a job before it, whose result it reads in the end, is
 * due or runs: a table is then computed once when several of its inputs change together.
 */
final class Dispatcher {

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration PAUSE_WHEN_BUSY = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    private final List<Entry> entries = new ArrayList<>();
    private final Map<TableName, Long> newest = new HashMap<>();
    private final UpListener listener;
    private final Clock clock;

    /** A job and how it stands; guarded by the dispatcher. */
    private static final class Entry {
        private final Job job;
        private final Set<Entry> before = new HashSet<>();
        private boolean running;
        private @Nullable Map<TableName, Long> startedFrom;
        private @Nullable Instant retryAt;
        private int failures;
        private boolean waiting;

        private Entry(Job job) {
            this.job = job;
        }

        private boolean isBusyElsewhere() {
            return retryAt != null && failures == 0;
        }
    }

    /** Jobs in the order of the plan: whatever fills a table before whatever reads it. */
    Dispatcher(List<Job> jobs, UpListener listener, Clock clock) {
        for (Job job : jobs) {
            Entry entry = new Entry(job);
            entries.stream()
                    .filter(earlier ->
                            earlier.job.output().filter(job.inputs()::contains).isPresent())
                    .forEach(earlier -> {
                        entry.before.add(earlier);
                        entry.before.addAll(earlier.before);
                    });
            entries.add(entry);
        }
        this.listener = listener;
        this.clock = clock;
    }

    synchronized void committed(TableCommitted event) {
        newest.merge(event.table(), event.version(), Math::max);
        notifyAll();
    }

    /**
     * Runs what is due until the end is asked for; a job that runs then is not interrupted. Several threads may work at
     * once: no job runs twice at a time.
     */
    void work(Stop end) throws InterruptedException {
        while (!end.isRequested()) {
            Optional<Entry> due = takeDue();
            if (due.isPresent()) {
                run(due.get());
            }
        }
    }

    /**
     * Whether nothing runs, nothing is due and nothing was left to another process that may not end it; what failed is
     * not due before its time or its inputs come.
     */
    synchronized boolean isIdle() {
        return entries.stream().noneMatch(entry -> entry.running || entry.isBusyElsewhere()) && due().isEmpty();
    }

    /** Names of the jobs whose last run failed. */
    synchronized List<String> failed() {
        return names(entry -> entry.failures > 0);
    }

    /** Names of the jobs that have never run because something they read does not exist. */
    synchronized List<String> waiting() {
        return names(entry -> entry.failures == 0 && (entry.waiting || entry.startedFrom == null));
    }

    private List<String> names(Predicate<Entry> which) {
        return entries.stream().filter(which).map(entry -> entry.job.name()).toList();
    }

    /** The first job that is due, waiting a moment for one. */
    private synchronized Optional<Entry> takeDue() throws InterruptedException {
        if (due().isEmpty()) {
            wait(LONGEST_WAIT.toMillis());
        }
        Optional<Entry> due = due();
        due.ifPresent(entry -> {
            entry.startedFrom = inputsOf(entry);
            entry.retryAt = null;
            entry.running = true;
        });
        return due;
    }

    private Optional<Entry> due() {
        Instant now = clock.instant();
        Set<Entry> dueOrRunning = new HashSet<>();
        for (Entry entry : entries) {
            if (entry.running) {
                dueOrRunning.add(entry);
            } else if (isDue(entry, now)) {
                if (Collections.disjoint(entry.before, dueOrRunning)) {
                    return Optional.of(entry);
                }
                dueOrRunning.add(entry);
            }
        }
        return Optional.empty();
    }

    private boolean isDue(Entry entry, Instant now) {
        if (entry.retryAt != null && !now.isBefore(entry.retryAt)) {
            return true;
        }
        Map<TableName, Long> inputs = inputsOf(entry);
        if (entry.startedFrom == null) {
            return entry.job.inputs().isEmpty() || !inputs.isEmpty();
        }
        return !inputs.equals(entry.startedFrom);
    }

    private Map<TableName, Long> inputsOf(Entry entry) {
        Map<TableName, Long> versions = new HashMap<>(newest);
        versions.keySet().retainAll(entry.job.inputs());
        return versions;
    }

    private void run(Entry entry) {
        try {
            Job.Result result = entry.job.run();
            ended(entry, 0, result == Job.Result.BUSY ? PAUSE_WHEN_BUSY : null, result == Job.Result.WAITING);
        } catch (TarnException refusal) {
            boolean later = refusal.code().retry() == ErrorCode.Retry.LATER;
            listener.step(new Step.Failed(entry.job.stage(), entry.job.name(), refusal.problems()));
            ended(entry, entry.failures + 1, later ? pauseAfter(entry.failures) : null, false);
        } catch (RuntimeException mistake) {
            listener.mistake(entry.job.name(), mistake);
            ended(entry, entry.failures + 1, null, false);
        }
    }

    private synchronized void ended(Entry entry, int failures, @Nullable Duration pause, boolean waiting) {
        entry.failures = failures;
        entry.waiting = waiting;
        entry.retryAt = pause == null ? null : clock.instant().plus(pause);
        entry.running = false;
        notifyAll();
    }

    private static Duration pauseAfter(int failures) {
        Duration pause = Duration.ofSeconds(1L << Math.min(failures, 6));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
