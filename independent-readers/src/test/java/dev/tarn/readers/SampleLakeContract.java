package dev.tarn.readers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.CommandLineShell;
import dev.tarn.local.cli.Surroundings;
import dev.tarn.local.run.Stop;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lake that {@code tarn up} makes of the demo Odoo reads the same elsewhere, table by table. */
abstract class SampleLakeContract {

    @TempDir
    private static Path folder;

    abstract TableReader reader();

    @BeforeAll
    static void makeTheLake() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, UTF_8);
        Surroundings surroundings = new Surroundings(Map.of(), folder, stream, stream, false, Clock.systemUTC());

        int exitCode = CommandLineShell.run(
                surroundings, new Stop(), "up", "--once", "--rows", "500", "--root", "lake", "--memory", "2GB");

        assertThat(exitCode).as(said.toString(UTF_8)).isZero();
    }

    @Test
    void everyTableOfTheSampleLakeIsReadIdentically() throws IOException {
        try (LakeComparison comparison = new LakeComparison(folder.resolve("lake"), folder.resolve("reading"))) {
            assertThat(comparison.tables())
                    .extracting(TableName::layer)
                    .contains(Layer.BRONZE, Layer.SILVER, Layer.GOLD, Layer.TARN);
            comparison.assertEveryTableIsReadIdentically(reader());
        }
    }
}
