package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.delta.CrashMatrix;
import dev.tarn.engine.delta.ModelTable;
import dev.tarn.engine.delta.Race;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What writers leave behind that raced or failed, read by Delta Kernel's own engine: every version of it. */
class RacedTablesTest {

    private static final int WRITERS = 8;
    private static final int PROCESSES = 4;

    @TempDir
    Path folder;

    private final KernelReader reader = new KernelReader();

    private Race race(String lake, int operations) throws IOException {
        Race race = new Race(
                lake, folder.resolve("race"), Long.getLong("tarn.seed", System.nanoTime()), WRITERS, operations);
        race.create();
        return race;
    }

    private void assertRows(Path table, OptionalLong version, ModelTable model, String run) throws IOException {
        List<String> expected = model.rows().stream()
                .map(row -> CanonicalText.of(model.values(row)))
                .sorted()
                .toList();
        assertThat(reader.read(table, version).rows()).as(run).isEqualTo(expected);
    }

    private void check(Race race, Path lake) throws Exception {
        Path table = lake.resolve(Race.TABLE.path());
        long last = race.check((version, model) ->
                assertRows(table, OptionalLong.of(version), model, "version " + version + ", " + race));
        System.out.println("raced table: " + race + ", " + last + " versions read by Kernel's own engine");
    }

    @Test
    void everyVersionOfARaceOfThreads() throws Exception {
        Path lake = folder.resolve("lake");
        Race race = race(lake.toString(), 3);
        race.inThreads();
        check(race, lake);
    }

    @Test
    @Tag("full")
    void everyVersionOfARaceOfProcesses() throws Exception {
        Path lake = folder.resolve("lake");
        Race race = race(lake.toString(), 10);
        race.inProcesses(PROCESSES);
        check(race, lake);
    }

    @Test
    @Tag("full")
    void everyVersionOfARaceOnBlobs() throws Exception {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        Race race = race(Azurite.shared().newLake(), 6);
        race.inProcesses(PROCESSES);
        Path copy = folder.resolve("copy");
        download(race.open(), copy);
        check(race, copy);
    }

    private static void download(Storage storage, Path copy) throws IOException {
        for (String below : List.of("", "/_delta_log")) {
            Path to = Files.createDirectories(copy.resolve(Race.TABLE.path() + below));
            for (StoredFile file : storage.list(Race.TABLE.path() + below, "")) {
                Files.write(to.resolve(file.name()), storage.read(file.path()));
            }
        }
    }

    @Test
    @Tag("full")
    void tablesOfWorkThatFailedAndWasDoneAgain() throws Exception {
        int failed = CrashMatrix.failingChanges(
                folder, (table, model) -> assertRows(table, OptionalLong.empty(), model, table.toString()));
        System.out.println("failed work: " + failed + " tables read by Kernel's own engine");
        assertThat(failed).isGreaterThan(100);
    }
}
