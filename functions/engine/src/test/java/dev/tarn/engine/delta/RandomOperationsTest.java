package dev.tarn.engine.delta;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a table, in whatever order: it holds what the model holds, in every version. */
class RandomOperationsTest {

    private static final int OF_ONE_TABLE = 25;
    private static final int LAKES = 2;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    @Test
    void aTableHoldsWhatItsModelHolds() throws Exception {
        run(12);
    }

    @Test
    @Tag("full")
    void manyTablesHoldWhatTheirModelsHold() throws Exception {
        run(40);
    }

    private void run(int usualTables) throws Exception {
        int number = Integer.getInteger("tarn.seeds", usualTables);
        long first = Long.getLong("tarn.seed", System.nanoTime());
        long start = System.nanoTime();
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int lake = 0; lake < LAKES; lake++) {
            int mine = lake;
            work.add(() -> run(mine, first, number));
        }
        ExecutorService threads = Executors.newFixedThreadPool(LAKES);
        try {
            for (Future<Boolean> lake : threads.invokeAll(work)) {
                lake.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("random operations: " + number * OF_ONE_TABLE + " on " + number + " tables, seeds from "
                + first + ", " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    private boolean run(int lake, long first, int number) throws Exception {
        Path mine = folder.resolve("lake" + lake);
        Storage storage = new LocalStorage(mine);
        Budget budget = new Budget(256L << 20, 256L << 20, 1L << 30, 1L << 30, 1L << 30, 1);
        try (DuckDb duckDb = DuckDb.open(budget, folder.resolve("workspace" + lake))) {
            for (int table = lake; table < number; table += LAKES) {
                new RandomTable(duckDb, storage, TableName.parse("silver.t" + table), first + table).live(OF_ONE_TABLE);
            }
        }
        return true;
    }
}
