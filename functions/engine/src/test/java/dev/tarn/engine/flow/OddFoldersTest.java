package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.rows;
import static dev.tarn.engine.flow.FlowLake.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.event.EventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lake in a folder whose name is a pattern to DuckDB. */
class OddFoldersTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"[x]", "a*b", "a?b", "**", "{a,b}", "year=2026", "it's %41 ä"})
    void aLakeIsReadWhereverItIs(String name) throws Exception {
        // What the name would stand for as a pattern: another lake with the same files, and nothing in them.
        Path odd = folder.resolve(name);
        try (FlowLake lake = new FlowLake(odd)) {
            for (int id = 1; id <= 11; id++) {
                lake.arrive(rows("(" + id + ", " + id + ")"));
            }
            copyNames(odd, folder.resolve("x"));
            copyNames(odd, folder.resolve("axb"));
            lake.updates.run(view());
            lake.arrive(rows("(12, 12)"));
            lake.updates.run(view());

            assertThat(lake.read(SILVER)).hasSize(12).contains("1|1.00", "12|12.00");
            assertThat(new EventLog(lake.lake).fold()).isEqualTo(2);
            assertThat(new EventLog(lake.lake).recent(10)).hasSize(2);
        }
        assertThat(odd.resolve("lake/bronze/orders/_delta_log/00000000000000000010.checkpoint.parquet"))
                .exists();
        try (FlowLake again = new FlowLake(odd)) {
            assertThat(again.read(SILVER)).hasSize(12);
            assertThat(again.updates.run(view())).isInstanceOf(UpdateOutcome.NothingNew.class);
        }
    }

    private static void copyNames(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.createFile(copy);
            }
        }
    }
}
