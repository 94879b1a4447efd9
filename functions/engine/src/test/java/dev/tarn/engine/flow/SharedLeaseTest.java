package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StorageCall;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.Dataset;
import dev.tarn.model.Flow;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lease that ran out while its holder works: two updates of one flow believe that they are alone. */
class SharedLeaseTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private FlowLake open(String process, Faults faults) {
        Storage storage = new FaultyStorage(new LocalStorage(folder.resolve("lake")), faults, process);
        return new FlowLake(storage, folder.resolve(process), Clock.systemUTC(), time -> {});
    }

    /** Waits at the target's commit of version {@code version} until somebody releases it. */
    private Faults holdCommit(int version) {
        Predicate<StorageCall> commit =
                Faults.calls(Operation.PUT_IF_ABSENT, "silver/orders/_delta_log/0+" + version + "\\.json");
        Faults hold = Faults.nth(0, commit, new Fault.Hold(Fault.Moment.BEFORE, released, LONG));
        return call -> {
            Optional<Fault> fault = hold.at(call);
            fault.ifPresent(found -> reached.countDown());
            return fault;
        };
    }

    @ParameterizedTest
    @EnumSource(Dataset.Kind.class)
    void bothUpdatesTogetherLeaveEveryRowOnce(Dataset.Kind kind) throws Exception {
        Flow flow = FlowLake.silver(kind, "flow");
        Faults expire = Faults.every(call -> call.operation() == Operation.LEASE, new Fault.Expire());
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (FlowLake slow = open("slow", holdCommit(2));
                FlowLake other = open("other", expire)) {
            slow.arrive(rows("(1, 1)"));
            assertThat(slow.updates.run(flow)).isInstanceOf(UpdateOutcome.Completed.class);
            slow.arrive(rows("(2, 2)"));
            Future<UpdateOutcome> held = thread.submit(() -> slow.updates.run(flow));
            assertThat(reached.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

            other.arrive(rows("(3, 3)"));
            assertThat(other.updates.run(flow)).isInstanceOf(UpdateOutcome.Completed.class);
            released.countDown();
            held.get();

            slow.updates.run(flow);
            new EventLog(slow.lake).fold();
            LakeAudit audit = new LakeAudit(slow);
            assertThat(slow.read(SILVER)).containsExactly("1|1.00", "2|2.00", "3|3.00");
            assertThat(audit.progress(SILVER, BRONZE))
                    .isEqualTo(slow.snapshot(BRONZE).version());
            assertThat(audit.commits(SILVER)).hasSize(2).isEqualTo(audit.told(SILVER));
            assertThat(audit.missingFiles(SILVER)).isEmpty();
        } finally {
            released.countDown();
            thread.shutdownNow();
        }
    }
}
