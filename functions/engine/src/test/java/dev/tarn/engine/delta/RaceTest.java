package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight writers at one table, that append, merge, delete and replace: every version is what the order of commits says. */
class RaceTest {

    private static final int WRITERS = 8;
    private static final int PROCESSES = 4;

    @TempDir
    Path folder;

    private Race race(String lake, int operations) throws Exception {
        Race race = new Race(
                lake, folder.resolve("race"), Long.getLong("tarn.seed", System.nanoTime()), WRITERS, operations);
        race.create();
        return race;
    }

    private Race onFolder(int operations) throws Exception {
        return race(folder.resolve("lake").toString(), operations);
    }

    private Race onAzurite(int operations) throws Exception {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        return race(Azurite.shared().newLake(), operations);
    }

    private void check(Race race, String where) throws Exception {
        long start = System.nanoTime();
        try (DuckDb duckDb = Race.duckDb(folder.resolve("checking"));
                Session session = duckDb.session()) {
            DeltaTable table = new DeltaTables(race.open(), duckDb, Clock.systemUTC()).table(Race.TABLE);
            long last = race.check((version, model) -> {
                TableSnapshot snapshot = table.snapshotAt(version);
                assertThat(ModelTable.columnsOf(snapshot)).isEqualTo(model.columns());
                assertThat(model.texts(session, snapshot.scan(session)))
                        .as("version " + version + ", " + race)
                        .isEqualTo(model.texts());
            });
            System.out.println("race " + where + ": " + race + ", " + last + " versions right, checked in "
                    + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }

    @Test
    void threadsOnAFolder() throws Exception {
        Race race = onFolder(4);
        race.inThreads();
        check(race, "of threads on a folder");
    }

    @Test
    void threadsOnBlobs() throws Exception {
        Race race = onAzurite(2);
        race.inThreads();
        check(race, "of threads on blobs");
    }

    @Test
    @Tag("full")
    void processesOnAFolder() throws Exception {
        Race race = onFolder(20);
        race.inProcesses(PROCESSES);
        check(race, "of processes on a folder");
    }

    @Test
    @Tag("full")
    void processesOnBlobs() throws Exception {
        Race race = onAzurite(10);
        race.inProcesses(PROCESSES);
        check(race, "of processes on blobs");
    }
}
