package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A table in a folder, to be damaged. */
abstract class DamagedTable extends DeltaFixture {

    static final String FOLDER = "silver/invoice/";
    static final String LOG = FOLDER + "_delta_log/";
    static final String RESTORE = "\n    Restore the file from a backup.";

    /** Version 0 without rows, then {@code commits} of one row each. */
    void fill(int commits) {
        create("SELECT 1 AS id, 'x' AS name");
        for (int id = 1; id <= commits; id++) {
            append("SELECT " + id + " AS id, 'secret' AS name");
        }
    }

    static String commit(long version) {
        return LOG + String.format("%020d.json", version);
    }

    static String checkpoint(long version) {
        return LOG + String.format("%020d.checkpoint.parquet", version);
    }

    Path file(String path) {
        return folder.resolve("lake").resolve(path);
    }

    /** The data file of a table that has one, by its path in the lake. */
    String dataFile() throws IOException {
        try (Stream<Path> files = Files.list(file(FOLDER))) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".parquet")).toList();
            assertThat(found).hasSize(1);
            return FOLDER + found.get(0).getFileName();
        }
    }

    /** Leaves the beginning of the file. */
    void cut(String path, double part) throws IOException {
        byte[] content = Files.readAllBytes(file(path));
        Files.write(file(path), Arrays.copyOf(content, (int) (content.length * part)));
    }

    /** The table as a process sees it that has not seen it before. */
    DeltaTable cold() {
        return new DeltaTables(storage, duckDb, Clock.systemUTC()).table(NAME);
    }

    List<String> readCold() {
        return rows(cold().snapshot().orElseThrow().scan(session));
    }

    static void assertRefused(ThrowingCallable read, String message) {
        assertThatThrownBy(read).isInstanceOf(TarnException.class).hasMessage(message);
    }
}
