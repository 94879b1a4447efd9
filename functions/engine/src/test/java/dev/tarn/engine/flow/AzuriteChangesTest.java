package dev.tarn.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.flow.HaltingUpdate.Work;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzuriteLake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes by key in a lake that is elsewhere, of whose files only what is needed is here. */
class AzuriteChangesTest {

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    /** The rows after each step, each of them taken by a process that has just begun and so has nothing here. */
    private List<List<String>> steps(Work work, String name, Storages storages) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<Step> steps = List.of(work::prepare, work::run, work::goOn);
        for (Step step : steps) {
            Path workspace = folder.resolve(name + rows.size());
            try (ChangesLake lake = new ChangesLake(storages.open(), workspace, Clock.systemUTC())) {
                step.take(lake);
                rows.add(lake.rows());
            }
        }
        return rows;
    }

    private interface Storages {
        Storage open();
    }

    private interface Step {
        void take(ChangesLake lake);
    }

    @ParameterizedTest
    @EnumSource
    void makeTheSameTablesAsInAFolder(Work work) throws IOException {
        AzuriteLake blobs = AzuriteLake.create();
        List<List<String>> there = steps(work, "blobs", blobs::get);
        assertThat(there).isEqualTo(steps(work, "folder", () -> new LocalStorage(folder.resolve("lake"))));
        assertThat(there).doesNotHaveDuplicates();
    }
}
