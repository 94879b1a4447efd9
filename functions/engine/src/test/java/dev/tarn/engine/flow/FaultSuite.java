package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.GOLD;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.expectation;
import static dev.tarn.engine.flow.FlowLake.total;
import static dev.tarn.model.Expectation.OnViolation.DROP_ROW;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Fault.Moment;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows on their way from bronze to gold over a storage that fails, forgets to answer, answers twice, stalls, overlooks and
 * lets leases expire: once it is well again, the lake is as if it had never been ill. The test of a kind of storage extends
 * this and says which one is meant.
 */
abstract class FaultSuite {

    /** More than ten, so that tables get checkpoints. */
    private static final int BATCHES = 13;

    private static final int WRITERS = 3;

    private static final List<Fault> FAULTS = List.of(
            new Fault.Fail(Moment.BEFORE),
            new Fault.Fail(Moment.AFTER),
            new Fault.Fail(Moment.AFTER),
            new Fault.Twice(),
            new Fault.Throttle(3),
            Fault.Hold.of(Moment.BEFORE, Duration.ofMillis(5)),
            Fault.Hold.of(Moment.AFTER, Duration.ofMillis(5)),
            new Fault.Overlook(),
            new Fault.Expire());

    private final Map<String, Long> faults = new TreeMap<>();
    private int processes;

    @TempDir
    Path folder;

    /** A new lake, as any number of processes see it. */
    abstract Supplier<Storage> newLake() throws Exception;

    /** Seeds that do not take long. */
    abstract int few();

    private static Flow stream() {
        return FlowLake.stream(expectation("positive", "amount > 0", DROP_ROW));
    }

    @Test
    void updatesOverAFailingStorage() throws Exception {
        forSeeds(2 * few(), this::updates);
    }

    @Test
    @Tag("full")
    void manyUpdatesOverAFailingStorage() throws Exception {
        forSeeds(8 * few(), this::updates);
    }

    @Test
    void racesOverAFailingStorage() throws Exception {
        forSeeds(few(), this::race);
    }

    @Test
    @Tag("full")
    void manyRacesOverAFailingStorage() throws Exception {
        forSeeds(4 * few(), this::race);
    }

    private interface Run {
        void under(long seed) throws Exception;
    }

    private void forSeeds(int number, Run run) throws Exception {
        long first = Long.getLong("tarn.seed", System.nanoTime());
        int seeds = Integer.getInteger("tarn.seeds", number);
        for (long seed : LongStream.range(first, first + seeds).toArray()) {
            try {
                run.under(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("with -Dtarn.seed=" + seed, e);
            }
        }
        System.out.println(getClass().getSimpleName() + ": " + seeds + " seeds from " + first + ", "
                + faults.values().stream().mapToLong(count -> count).sum() + " faults: " + faults);
    }

    private FaultyStorage failing(Storage storage, long seed) {
        Faults everywhere = Faults.random(seed, 25, FAULTS);
        Faults changes =
                Faults.random(~seed, 4, FAULTS).only(call -> call.operation().isChange());
        return new FaultyStorage(storage, everywhere.or(changes), "process " + processes++);
    }

    private FlowLake open(Storage storage) {
        return new FlowLake(storage, folder.resolve("process-" + processes++), Clock.systemUTC(), time -> {});
    }

    /** Opens the lake although the storage fails. */
    private FlowLake openAnyhow(FaultyStorage storage) {
        List<FlowLake> opened = new ArrayList<>();
        Stubborn.until(() -> opened.add(open(storage)));
        return opened.get(0);
    }

    private void updates(long seed) throws Exception {
        Supplier<Storage> place = newLake();
        FaultyStorage storage = failing(place.get(), seed);
        try (FlowLake lake = openAnyhow(storage)) {
            for (int batch = 0; batch < BATCHES; batch++) {
                Batches.of(lake, "source.0").arrive(batch);
                Stubborn.once(() -> lake.updates.run(stream()));
                Stubborn.once(() -> lake.updates.run(total()));
                if (batch % 4 == 3) {
                    Stubborn.once(() -> new EventLog(lake.lake).fold());
                }
            }
            storage.cease();
            settle(lake);
            check(lake, 1);
        }
        storage.report().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
        try (FlowLake fresh = open(place.get())) {
            check(fresh, 1);
        }
    }

    private void race(long seed) throws Exception {
        Supplier<Storage> place = newLake();
        List<FaultyStorage> storages = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                FaultyStorage storage = failing(place.get(), seed * WRITERS + writer);
                storages.add(storage);
                String source = "source." + writer;
                writers.add(threads.submit(() -> {
                    try (FlowLake lake = openAnyhow(storage)) {
                        for (int batch = 0; batch < BATCHES; batch++) {
                            Batches.of(lake, source).arrive(batch);
                            Stubborn.once(() -> lake.updates.run(stream()));
                            Stubborn.once(() -> lake.updates.run(total()));
                        }
                        Stubborn.once(() -> new EventLog(lake.lake).fold());
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdown();
        }
        for (FaultyStorage storage : storages) {
            storage.report().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
        }
        try (FlowLake fresh = open(place.get())) {
            settle(fresh);
            check(fresh, WRITERS);
        }
    }

    private static void settle(FlowLake lake) {
        lake.updates.run(stream());
        lake.updates.run(total());
        new EventLog(lake.lake).fold();
    }

    /** The lake is as a clean run leaves it, whatever way it went. */
    private static void check(FlowLake lake, int sources) throws Exception {
        assertThat(lake.read(BRONZE)).isEqualTo(Batches.bronze(sources, BATCHES));
        assertThat(lake.read(SILVER)).isEqualTo(Batches.silver(sources, BATCHES));
        assertThat(lake.read(GOLD)).isEqualTo(Batches.gold(sources, BATCHES));
        assertThat(lake.updates.run(stream())).isEqualTo(new UpdateOutcome.NothingNew());
        assertThat(lake.updates.run(total())).isEqualTo(new UpdateOutcome.NothingNew());
        LakeAudit audit = new LakeAudit(lake);
        for (TableName table : List.of(BRONZE, SILVER, GOLD, EventLog.TABLE)) {
            assertThat(audit.missingFiles(table))
                    .as("missing files of " + table)
                    .isEmpty();
        }
        assertThat(audit.progress(SILVER, BRONZE))
                .isEqualTo(lake.snapshot(BRONZE).version());
        assertThat(audit.progress(GOLD, SILVER))
                .isLessThanOrEqualTo(lake.snapshot(SILVER).version());
        // A commit is told once, and what is told to be completed is a commit.
        for (TableName table : List.of(SILVER, GOLD)) {
            assertThat(audit.told(table)).as("told of " + table).isEqualTo(audit.commits(table));
        }
        assertThat(lake.lake.storage().list("tarn/events", ""))
                .as(() -> "records that were not folded: " + audit.records().collect(joining(", ")))
                .isEmpty();
    }
}
