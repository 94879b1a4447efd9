package dev.tarn.local.run;

import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The threads of a running lake: one looks at each source, one brings in the events of each endpoint, one watches for commits, one runs the jobs that they wake,
 * and one sweeps up what no event announced.
 */
final class RunningLake implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration SWEEP = Duration.ofSeconds(5);

    /** Small updates wait for the disk more than they compute: two at a time halve that. */
    private static final int WORKERS = 2;

    /** How long a thread may take to end what it does, once asked to stop; what then still runs ends with the process. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Lake lake;
    private final List<Looks> looks;
    private final List<EventDrain> drains;
    private final UpListener listener;
    private final Dispatcher dispatcher;
    private final CommitWatcher watcher;
    private final EventLog eventLog;
    private final Duration watch;
    private final Stop end = new Stop();
    private Consumer<Boolean> care = idle -> {};
    private final List<Thread> threads = new ArrayList<>();

    RunningLake(
            Lake lake,
            Plan plan,
            List<Job> jobs,
            List<Looks> looks,
            List<EventDrain> drains,
            Duration watch,
            UpListener listener) {
        this.lake = lake;
        this.looks = List.copyOf(looks);
        this.drains = List.copyOf(drains);
        this.listener = listener;
        this.dispatcher = new Dispatcher(jobs, listener, lake.clock());
        this.watcher = new CommitWatcher(lake.storage(), tables(plan), dispatcher::committed);
        this.eventLog = new EventLog(lake);
        this.watch = watch;
    }

    private static Set<TableName> tables(Plan plan) {
        Set<TableName> tables = new TreeSet<>();
        plan.sources().forEach(source -> source.tables().forEach(table -> tables.add(table.target())));
        plan.webhooks().forEach(source -> source.endpoints().forEach(sent -> tables.add(sent.target())));
        plan.drops().forEach(drop -> tables.add(drop.target()));
        plan.flows().forEach(flow -> tables.add(flow.target()));
        plan.postgresSinks().forEach(sink -> sink.tables().forEach(table -> tables.add(table.from())));
        return tables;
    }

    /**
     * Before it runs: what keeps people informed.
     *
     * @param care is told whether nothing is pending, so that whatever a flow has not seen by then is late
     */
    void informing(Consumer<Boolean> care) {
        this.care = care;
    }

    /** Runs; see {@link Up#run}. */
    int run(boolean once, long began, Stop stop) throws InterruptedException {
        for (Looks source : looks) {
            start("tarn-looks-" + source.source(), once ? source::look : () -> source.keepLooking(end));
        }
        for (EventDrain drain : drains) {
            start("tarn-inbox-" + drain.endpoint(), once ? drain::drain : () -> drain.keepDraining(end));
        }
        start("tarn-watch", repeating("the watch for commits", watch, watcher::poll));
        // Flows begin when the sources were read once: nothing is computed twice from half of the first load.
        await(
                stop,
                () -> looks.stream().allMatch(Looks::hasLooked)
                        && drains.stream().allMatch(EventDrain::hasDrained));
        watcher.sweep();
        for (int worker = 1; worker <= WORKERS; worker++) {
            start("tarn-flows-" + worker, () -> dispatcher.work(end));
        }
        start("tarn-sweep", repeating("the sweep", SWEEP, this::sweep));
        await(stop, this::isSettled);
        if (!stop.isRequested()) {
            eventLog.fold();
            care.accept(true);
            listener.settled(settlement(began));
        }
        if (!once) {
            while (!stop.await(Duration.ofHours(1))) {
                continue;
            }
        }
        return once && hasFailures() ? ErrorCode.Exit.FAILED : 0;
    }

    private static void await(Stop stop, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean() && !stop.await(POLL)) {
            continue;
        }
    }

    /** Whether nothing is pending: a look into the logs after the jobs were idle finds no commit that wakes one. */
    private boolean isSettled() {
        if (!dispatcher.isIdle()) {
            return false;
        }
        watcher.poll();
        return dispatcher.isIdle();
    }

    private UpListener.Settlement settlement(long began) {
        Optional<String> control = hasFailures() ? Optional.empty() : ControlRevenue.sentence(lake);
        return new UpListener.Settlement(
                Duration.ofNanos(System.nanoTime() - began), failedNames(), dispatcher.waiting(), control);
    }

    private boolean hasFailures() {
        return !failedNames().isEmpty();
    }

    private List<String> failedNames() {
        List<String> names = new ArrayList<>();
        looks.stream().filter(Looks::hasFailed).forEach(source -> names.add(source.source()));
        drains.stream().filter(EventDrain::hasFailed).forEach(drain -> names.add(drain.endpoint()));
        names.addAll(dispatcher.failed());
        return names;
    }

    private void sweep() {
        watcher.sweep();
        eventLog.fold();
        care.accept(dispatcher.isIdle());
    }

    private Work repeating(String name, Duration every, Runnable work) {
        return () -> {
            while (!end.await(every)) {
                attempt(name, work);
            }
        };
    }

    private void attempt(String name, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException mistake) {
            listener.mistake(name, mistake);
        }
    }

    /** What a thread does; it ends soon after {@link #end} is requested. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** Never interrupts: an interrupted thread would find its files closed and tell of failures that are none. */
    @Override
    public void close() {
        end.request();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
