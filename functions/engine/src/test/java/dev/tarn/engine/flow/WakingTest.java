package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.rows;
import static dev.tarn.engine.flow.FlowLake.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Fault.Moment;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.StorageCall;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What wakes cost that find nothing to do, and that none of them is lost. */
class WakingTest {

    private static final int MOST_REQUESTS = 3;
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    /** Another process, whose requests are not looked at. */
    private FlowLake other;

    private final List<StorageCall> requests = new ArrayList<>();

    @BeforeEach
    void open() {
        other = new FlowLake(folder);
    }

    @AfterEach
    void close() {
        other.close();
    }

    private FlowLake lake(Faults faults) {
        return new FlowLake(
                new FaultyStorage(new LocalStorage(folder.resolve("lake")), faults, "woken"),
                folder.resolve("woken"),
                Clock.systemUTC(),
                time -> {});
    }

    private FlowLake counted() {
        return lake(call -> {
            if (call.operation().isRequest()) {
                requests.add(call);
            }
            return Optional.empty();
        });
    }

    private static TableCommitted commit(long version) {
        return new TableCommitted(BRONZE, version);
    }

    @Test
    void aWakeThatComesLateCostsOneRequest() {
        try (FlowLake lake = counted()) {
            other.arrive(rows("(1, 1)"));
            long version = other.arrive(rows("(2, 2)"));
            lake.updates.wake(stream(), commit(version));
            lake.updates.wake(stream(), commit(version));
            requests.clear();

            assertThat(lake.updates.wake(stream(), commit(1))).isEqualTo(new UpdateOutcome.NothingNew());

            assertThat(requests).extracting(StorageCall::operation).containsExactly(Operation.LIST);
        }
    }

    @Test
    void aWakeThatFindsTheLeaseTakenCostsTwoRequests() throws IOException {
        try (FlowLake lake = counted()) {
            lake.updates.wake(stream(), commit(other.arrive(rows("(1, 1)"))));
            lake.updates.run(stream());
            long version = other.arrive(rows("(2, 2)"));
            try (Lease held = other.lake
                    .storage()
                    .lease(EventLog.leasePath(SILVER.toString()))
                    .orElseThrow()) {
                assertThat(held).isNotNull();
                requests.clear();
                assertThat(lake.updates.wake(stream(), commit(version))).isEqualTo(new UpdateOutcome.Busy());
            }
            assertThat(requests).extracting(StorageCall::operation).containsExactly(Operation.LIST, Operation.LEASE);
        }
    }

    @Test
    void aLateWakeThatFindsNewsAndTheLeaseTakenCostsFewRequests() throws IOException {
        try (FlowLake lake = counted()) {
            long seen = other.arrive(rows("(1, 1)"));
            lake.updates.wake(stream(), commit(seen));
            lake.updates.run(stream());
            for (int id = 2; id < 8; id++) {
                other.arrive(rows("(" + id + ", 2)"));
            }
            try (Lease held = other.lake
                    .storage()
                    .lease(EventLog.leasePath(SILVER.toString()))
                    .orElseThrow()) {
                assertThat(held).isNotNull();
                requests.clear();
                assertThat(lake.updates.wake(stream(), commit(seen))).isEqualTo(new UpdateOutcome.Busy());
            }
            assertThat(requests).hasSizeLessThanOrEqualTo(MOST_REQUESTS);
        }
    }

    @Test
    void aWakeWhoseRowsAnotherProcessHasBroughtCostsTwoRequests() {
        try (FlowLake lake = counted()) {
            lake.updates.wake(stream(), commit(other.arrive(rows("(1, 1)"))));
            long version = 0;
            for (int id = 2; id < 8; id++) {
                version = other.arrive(rows("(" + id + ", 2)"));
                other.updates.run(stream());
            }
            requests.clear();

            assertThat(lake.updates.wake(stream(), commit(version))).isEqualTo(new UpdateOutcome.NothingNew());

            assertThat(requests).extracting(StorageCall::operation).containsExactly(Operation.LIST, Operation.READ);
        }
    }

    @Test
    void aTableThatWasMadeAndNotFilledWakesNothing() {
        other.make();

        assertThat(other.updates.wake(stream(), commit(0))).isEqualTo(new UpdateOutcome.Waiting(List.of(BRONZE)));
        assertThat(other.lake.table(SILVER).snapshot()).isEmpty();
    }

    @Test
    void whatComesDuringAnUpdateIsGatheredByTheNextOne() {
        DrivenTime time = new DrivenTime();
        LocalStorage storage = new LocalStorage(folder.resolve("lake"));
        FaultyStorage eventful = new FaultyStorage(storage, arriveAfterEveryUpdateBut(12), "gathers");
        try (FlowLake lake = new FlowLake(eventful, folder.resolve("gathers"), time, time)) {
            other.arrive(rows("(1, 1)"));

            lake.updates.wake(stream(), commit(1));

            assertThat(time.rests.subList(0, 5))
                    .extracting(Duration::toMillis)
                    .containsExactly(100L, 200L, 400L, 800L, 1000L);
            assertThat(lake.read(SILVER)).hasSize(13);
        }
    }

    /** Each commit to silver is followed by one to bronze, the first {@code commits} times. */
    private Faults arriveAfterEveryUpdateBut(int commits) {
        List<Integer> arrived = new ArrayList<>();
        return call -> {
            boolean committed = call.operation() == Operation.LIST
                    && call.path().startsWith("silver/")
                    && other.lake
                            .table(SILVER)
                            .snapshot()
                            .filter(s -> s.version() > arrived.size())
                            .isPresent();
            if (committed && arrived.size() < commits) {
                arrived.add(1);
                other.arrive(rows("(" + (arrived.size() + 1) + ", 1)"));
            }
            return Optional.empty();
        };
    }

    @Test
    void noWakeIsLostWhereverTheRunnerOfThisProcessIs() throws Exception {
        HoldsRunner hold = new HoldsRunner();
        try (FlowLake lake = lake(hold)) {
            wakeEverywhere(lake, hold, lake.updates);
        }
    }

    @Test
    void noWakeIsLostWhereverTheRunnerOfAnotherProcessIs() throws Exception {
        HoldsRunner hold = new HoldsRunner();
        try (FlowLake lake = lake(hold)) {
            wakeEverywhere(lake, hold, other.updates);
        }
    }

    /** Holds the runner after each of its calls in turn; a row arrives meanwhile, and its wake finds the runner. */
    private void wakeEverywhere(FlowLake lake, HoldsRunner hold, Updates woken) throws Exception {
        int rows = 0;
        int busy = 0;
        int call = 0;
        while (true) {
            long first = other.arrive(rows("(" + ++rows + ", 1)"));
            FutureTask<UpdateOutcome> run = new FutureTask<>(() -> lake.updates.wake(stream(), commit(first)));
            Thread runner = new Thread(run, "runner");
            boolean held = hold.startAndHoldAfter(call, runner, run);
            if (held) {
                long second = other.arrive(rows("(" + ++rows + ", 1)"));
                busy += woken.wake(stream(), commit(second)) instanceof UpdateOutcome.Busy ? 1 : 0;
                hold.release();
            }
            run.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(other.read(SILVER))
                    .as("held after call " + call)
                    .hasSize(rows)
                    .doesNotHaveDuplicates();
            if (!held) {
                break;
            }
            call++;
        }
        System.out.println("A runner was woken after each of its " + call + " calls; " + busy + " wakes left.");
        assertThat(call).isGreaterThan(10);
        assertThat(busy).isBetween(call / 2, call);
    }

    /** Holds one call of the runner's thread, made or not. */
    private static final class HoldsRunner implements Faults {

        private volatile Thread runner = Thread.currentThread();
        private volatile int holdAt = -1;
        private volatile CountDownLatch begun = new CountDownLatch(1);
        private volatile CountDownLatch released = new CountDownLatch(1);
        private int calls;

        @Override
        public Optional<Fault> at(StorageCall call) {
            if (Thread.currentThread() != runner || calls++ != holdAt) {
                return Optional.empty();
            }
            begun.countDown();
            return Optional.of(new Fault.Hold(Moment.AFTER, released, LONG));
        }

        /** False when the runner made fewer calls. */
        boolean startAndHoldAfter(int call, Thread thread, FutureTask<?> run) throws InterruptedException {
            begun = new CountDownLatch(1);
            released = new CountDownLatch(1);
            calls = 0;
            holdAt = call;
            runner = thread;
            thread.start();
            while (!run.isDone()) {
                if (begun.await(1, TimeUnit.MILLISECONDS) && thread.getState() == Thread.State.TIMED_WAITING) {
                    return true;
                }
            }
            return false;
        }

        void release() {
            released.countDown();
        }
    }

    @Test
    void aWakeIsServedThoughTheUpdateItFoundFails() throws Exception {
        HoldsRunner hold = new HoldsRunner();
        try (FlowLake lake = lake(hold)) {
            Flow checked =
                    stream(FlowLake.expectation("one", "id = 1 OR id = 2 OR amount > 50", OnViolation.FAIL_UPDATE));
            long first = other.arrive(rows("(3, 1)"));
            FutureTask<UpdateOutcome> run = new FutureTask<>(() -> lake.updates.wake(checked, commit(first)));
            assertThat(hold.startAndHoldAfter(4, new Thread(run, "runner"), run))
                    .isTrue();
            assertThat(lake.updates.run(checked)).isEqualTo(new UpdateOutcome.Busy());
            hold.release();

            assertThatThrownBy(() -> run.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TarnException.class);
            // Both attempts are told: that of the first wake and that of the one that found it.
            assertThat(new EventLog(lake.lake).recent(10)).hasSize(2);
        }
    }

    @Test
    void tablesStayRightWhenLeasesExpire() throws Exception {
        Faults expired = Faults.every(Faults.calls(Operation.LEASE, ".*"), new Fault.Expire());
        LocalStorage storage = new LocalStorage(folder.resolve("lake"));
        try (FlowLake one = new FlowLake(
                        new FaultyStorage(storage, expired, "one"),
                        folder.resolve("one"),
                        Clock.systemUTC(),
                        time -> {});
                FlowLake two = new FlowLake(
                        new FaultyStorage(storage, expired, "two"),
                        folder.resolve("two"),
                        Clock.systemUTC(),
                        time -> {})) {
            int batches = 25;
            List<Thread> threads = new ArrayList<>();
            List<FutureTask<Void>> tasks = new ArrayList<>();
            CountDownLatch arrived = new CountDownLatch(1);
            for (Supplier<FlowLake> lake : List.<Supplier<FlowLake>>of(() -> one, () -> two)) {
                FutureTask<Void> task = new FutureTask<>(() -> {
                    while (arrived.getCount() > 0) {
                        lake.get().updates.run(stream());
                    }
                    return null;
                });
                tasks.add(task);
                threads.add(new Thread(task));
            }
            threads.forEach(Thread::start);
            for (int batch = 1; batch <= batches; batch++) {
                other.arrive(rows("(" + batch + ", 1)"));
            }
            arrived.countDown();
            for (FutureTask<Void> task : tasks) {
                task.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            other.updates.run(stream());

            assertThat(other.read(SILVER)).hasSize(batches).doesNotHaveDuplicates();
        }
    }
}
