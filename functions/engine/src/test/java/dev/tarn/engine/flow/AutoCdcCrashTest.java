package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.ChangesLake.flow;
import static dev.tarn.engine.flow.ChangesLake.type1;
import static dev.tarn.engine.flow.ChangesLake.type2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.InjectedFaultException;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.Flow;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An update of AUTO CDC commits to two tables: whatever happens between them, the rows come out right. */
class AutoCdcCrashTest {

    private static final long LONG_SECONDS = 120;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private int lakes;

    static Stream<Flow> flows() {
        return Stream.of(flow(type1()), flow(type2("name")));
    }

    private ChangesLake open(Path lake, Faults faults, String process) throws IOException {
        Storage storage = new FaultyStorage(new LocalStorage(lake), faults, process);
        return new ChangesLake(storage, Files.createTempDirectory(folder, process), Clock.systemUTC());
    }

    private Path prepared(Flow flow) throws IOException {
        Path lake = folder.resolve("lake-" + lakes++);
        try (ChangesLake first = open(lake, Faults.none(), "first")) {
            first.arrive("(1, 'a', 1, 'u', 1)", "(2, 'b', 1, 'u', 1)", "(3, 'c', 1, 'u', 1)");
            first.updates.run(flow);
            first.arrive("(1, 'a2', 2, 'u', 2)", "(2, NULL, NULL, 'd', 2)", "(4, 'd', 1, 'u', 2)");
        }
        return lake;
    }

    /** What comes after the update that something happened to. */
    private List<String> after(Path lake, Flow flow) throws IOException {
        try (ChangesLake next = open(lake, Faults.none(), "next")) {
            next.arrive("(1, 'late', 9, 'u', 1)", "(2, 'late', 9, 'u', 1)", "(3, 'c2', 1, 'u', 3)");
            next.updates.run(flow);
            return next.rows();
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void anUpdateThatFailedAtAnyChangeOfTheLakeIsMadeUpFor(Flow flow) throws IOException {
        Path clean = prepared(flow);
        AtomicLong changes = new AtomicLong();
        Faults counting = call -> {
            changes.addAndGet(call.operation().isChange() ? 1 : 0);
            return Optional.empty();
        };
        try (ChangesLake counted = open(clean, counting, "counted")) {
            counted.updates.run(flow);
        }
        List<String> expected = after(clean, flow);
        for (long change = 0; change < changes.get(); change++) {
            for (Fault.Moment moment : Fault.Moment.values()) {
                Path lake = prepared(flow);
                fail(lake, flow, Faults.nth(change, call -> call.operation().isChange(), new Fault.Fail(moment)));
                assertThat(after(lake, flow))
                        .as("change " + change + ", " + moment)
                        .isEqualTo(expected);
            }
        }
        System.out.println("AUTO CDC, failing changes: " + changes + " x 2 points, all made up for");
    }

    private void fail(Path lake, Flow flow, Faults faults) throws IOException {
        try (ChangesLake failing = open(lake, faults, "failing")) {
            failing.updates.run(flow);
        } catch (UncheckedIOException | TarnException | InjectedFaultException expected) {
            // What it leaves behind is looked at, whether it failed or found a way.
            assertThat(expected).isNotNull();
        }
    }

    /** A lease that ran out: both believe that they are alone. */
    @ParameterizedTest
    @MethodSource("flows")
    void twoUpdatesAtOnceApplyEveryChangeOnce(Flow flow) throws Exception {
        Path lake = prepared(flow);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Faults hold = Faults.nth(
                0,
                Faults.calls(Operation.PUT_IF_ABSENT, "silver/rows/_delta_log/0+2\\.json"),
                new Fault.Hold(Fault.Moment.BEFORE, released, Duration.ofSeconds(LONG_SECONDS)));
        Faults telling = call -> {
            Optional<Fault> fault = hold.at(call);
            fault.ifPresent(found -> reached.countDown());
            return fault;
        };
        Faults expire = Faults.every(call -> call.operation() == Operation.LEASE, new Fault.Expire());
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (ChangesLake slow = open(lake, telling, "slow");
                ChangesLake other = open(lake, expire, "other")) {
            Future<UpdateOutcome> held = thread.submit(() -> slow.updates.run(flow));
            assertThat(reached.await(LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
            other.arrive("(5, 'e', 1, 'u', 1)");
            assertThat(other.updates.run(flow)).isInstanceOf(UpdateOutcome.Completed.class);
            released.countDown();
            held.get();
        } finally {
            released.countDown();
            thread.shutdownNow();
        }
        Path alone = prepared(flow);
        try (ChangesLake calm = open(alone, Faults.none(), "calm")) {
            calm.updates.run(flow);
            calm.arrive("(5, 'e', 1, 'u', 1)");
            calm.updates.run(flow);
        }
        assertThat(after(lake, flow)).isEqualTo(after(alone, flow));
    }
}
