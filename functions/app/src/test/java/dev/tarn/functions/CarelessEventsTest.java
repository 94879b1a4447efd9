package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that come three times, late, in any order and one in ten never, to two processes: the tables end as ever. */
class CarelessEventsTest {

    private static final Budget BUDGET = new Budget(128L << 20, 128L << 20, 128L << 20, 128L << 20, 128L << 20, 1);
    private static final int PROCESSES = 2;
    private static final int MOST_SWEEPS = 10;

    @TempDir
    private Path folder;

    @Test
    void tablesEndAsInACleanRun() throws Exception {
        run(Long.getLong("tarn.seed", System.nanoTime()));
    }

    private void run(long seed) throws Exception {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        String settings = "-Dtarn.seed=" + seed;
        List<Integer> arrivals = new Random(seed).ints(12, 1, 20).boxed().toList();
        String address = Azurite.shared().newLake();
        Path work = Files.createTempDirectory(folder, "run");
        List<AppLake> processes = new ArrayList<>();
        try (Lake lake = Lake.open(
                AzureBlobStorage.open(AzureAddress.parse(address)),
                DuckDb.open(BUDGET, work.resolve("writer")),
                Clock.systemUTC())) {
            ChainLake chain = new ChainLake(lake);
            chain.deploy();
            for (int number = 0; number < PROCESSES; number++) {
                processes.add(new AppLake(Settings.of(address, work.resolve("process-" + number)), Map.of()));
            }
            int lost = deliver(chain, lake, processes, arrivals, new Random(seed));
            System.out.println("Careless events, " + lost + " lost, " + settings);

            assertThat(chain.rows().get(TableName.parse("gold.years")))
                    .as(settings)
                    .hasSize(1);
            assertThat(chain.rows()).as(settings).isEqualTo(clean(work, arrivals));
        } finally {
            processes.forEach(AppLake::close);
        }
    }

    /** Lets the rows arrive while events are on their way; sweeps until there is nothing that no event announced. */
    private static int deliver(
            ChainLake chain, Lake lake, List<AppLake> processes, List<Integer> arrivals, Random random)
            throws Exception {
        List<RunningApp> apps = processes.stream().map(RunningApp::new).toList();
        List<CarelessPost.Receiver> receivers =
                apps.stream().map(CarelessEventsTest::receiver).toList();
        try (CarelessPost post = new CarelessPost(lake.storage(), receivers, random)) {
            for (int rows : arrivals) {
                chain.arrive(rows);
                post.collect();
            }
            post.settle();
            Map<TableName, List<String>> before = Map.of();
            for (int sweep = 0; sweep < MOST_SWEEPS && !chain.rows().equals(before); sweep++) {
                before = chain.rows();
                new SweepFunction(apps.get(sweep % PROCESSES)).run("{}", new Messages(), new Invocation());
                post.settle();
            }
            return post.lost();
        }
    }

    private static CarelessPost.Receiver receiver(RunningApp app) {
        CleanseFunction cleanse = new CleanseFunction(app);
        AggregateFunction aggregate = new AggregateFunction(app);
        PublishFunction publish = new PublishFunction(app);
        byte[] unread = {};
        return (table, file) -> {
            switch (table.layer()) {
                case BRONZE -> cleanse.run(unread, file, new Messages(), new Invocation());
                case SILVER -> aggregate.run(unread, file, new Messages(), new Invocation());
                case GOLD -> publish.run(unread, file, new Messages(), new Invocation());
                default -> throw new IllegalStateException("no function hears of " + table);
            }
        };
    }

    /** The same rows in one folder, then every flow once. */
    static Map<TableName, List<String>> clean(Path work, List<Integer> arrivals) throws Exception {
        Path root = work.resolve("clean");
        AppLake process = new AppLake(Settings.of(root.toUri().toString(), work.resolve("clean-process")), Map.of());
        try (Lake lake = Lake.open(
                new LocalStorage(root), DuckDb.open(BUDGET, work.resolve("clean-writer")), Clock.systemUTC())) {
            ChainLake chain = new ChainLake(lake);
            chain.deploy();
            arrivals.forEach(chain::arrive);
            new SweepFunction(new RunningApp(process)).run("{}", new Messages(), new Invocation());
            return chain.rows();
        } finally {
            process.close();
        }
    }
}
