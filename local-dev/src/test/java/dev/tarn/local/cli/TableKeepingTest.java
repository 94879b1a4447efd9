package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.local.run.Stop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that tell what changed in a table, pack it and vacuum it. */
class TableKeepingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "silver.account_move";

    @TempDir
    private Path folder;

    private WrittenTables tables;

    @BeforeEach
    void write() throws IOException {
        tables = new WrittenTables(folder.resolve("lake"), folder.resolve("project"));
        tables.create(TABLE, "SELECT 1 AS id, 'x' AS state", Map.of("delta.enableChangeDataFeed", "true"));
        tables.append(TABLE, "SELECT 1 AS id, 'draft' AS state");
        tables.append(TABLE, "SELECT 2 AS id, 'posted' AS state");
    }

    @AfterEach
    void close() {
        tables.close();
    }

    private TarnRun table(String command, String... more) {
        return TarnRun.of(
                folder,
                Map.of(),
                Stream.concat(Stream.of("table", command, TABLE, "--root", "lake"), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Runs the command with somebody there to be asked. */
    private TarnRun asked(List<String> questions, boolean answer, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                Map.of(),
                folder,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                Clock.systemUTC(),
                question -> {
                    questions.add(question);
                    return answer;
                });
        int exitCode = CommandLineShell.run(surroundings, new Stop(), arguments);
        return new TarnRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Leaves a file that no version needs, as a writer that died does. */
    private Path leftover(String name) throws IOException {
        Path file = folder.resolve("lake").resolve("silver/account_move").resolve(name);
        Files.writeString(file, "12345");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(30))));
        return file;
    }

    @Test
    void changesAreShownInTheOrderOfTheirVersions() {
        TarnRun run = table("changes", "--from", "1");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches(" id +state +_change_type +_commit_version +_commit_timestamp");
        assertThat(lines.get(1)).matches(" 1 +draft +insert +1 +20\\d\\d-.*");
        assertThat(lines.get(2)).matches(" 2 +posted +insert +2 +20\\d\\d-.*");
    }

    @Test
    void changesOfARangeAreShownAsJson() throws IOException {
        TarnRun run = table("changes", "--from=0", "--to=1", "--format=jsonl");

        assertThat(run.err()).isEmpty();
        JsonNode change = JSON.readTree(run.out());
        assertThat(change.path("id").intValue()).isEqualTo(1);
        assertThat(change.path("_change_type").textValue()).isEqualTo("insert");
        assertThat(change.path("_commit_version").longValue()).isEqualTo(1);
        assertThat(Instant.parse(change.path("_commit_timestamp").textValue()))
                .isEqualTo(tables.table(TABLE).snapshotAt(1).timestamp());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            changes           | USAGE  Missing required option: '--from=N'. | See tarn table changes --help.
            vacuum            | USAGE  tarn table vacuum deletes files, and there is nobody to ask. | Add --yes, or --dry-run to see what it would delete.
            vacuum --retention 1 | USAGE  Invalid value for option '--retention': a time is a number and s, m, h or d, for example 12h. | See tarn table vacuum --help.
            optimize --target-size 1 | USAGE  Invalid value for option '--target-size': a size is a number and MB, GB or TB, for example 2GB. | See tarn table optimize --help.
            """)
    void aCommandThatCannotBeUnderstoodIsRefused(String line, String what, String mend) {
        String[] words = line.split(" ");
        TarnRun run = table(words[0], Stream.of(words).skip(1).toArray(String[]::new));

        assertThat(run.err()).isEqualTo(what + "\n    " + mend + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void changesBeyondTheNewestVersionAreRefused() {
        TarnRun run = table("changes", "--from=7");

        assertThat(run.err()).startsWith("CHANGES_UNAVAILABLE  ").contains(TABLE);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void smallFilesArePacked() throws IOException {
        assertThat(table("optimize").out())
                .matches("2 files, \\d+\\.\\d KB, became 1, \\d+\\.\\d KB, in version 3\\.\n");
        assertThat(table("optimize", "--target-size", "1MB").out())
                .isEqualTo("Nothing to do: no file of silver.account_move is worth writing anew.\n");
        JsonNode nothing = JSON.readTree(table("optimize", "--format", "json").out());
        assertThat(nothing.path("version").longValue()).isEqualTo(3);
        assertThat(nothing.path("filesRemoved").longValue()).isZero();
        assertThat(tables.table(TABLE).history(1).get(0).operation()).isEqualTo("OPTIMIZE");
        assertThat(table("read").out().lines()).hasSize(3);
    }

    @Test
    void aTableIsPackedAndVacuumedByItsFolder() throws IOException {
        Path file = leftover("left.parquet");

        TarnRun packed = TarnRun.of(folder, Map.of(), "table", "optimize", "lake/silver/account_move");
        TarnRun vacuumed = TarnRun.of(folder, Map.of(), "table", "vacuum", "lake/silver/account_move", "--yes");

        assertThat(packed.out()).endsWith("in version 3.\n");
        assertThat(vacuumed.out()).isEqualTo("Deleted 1 file, 0.0 KB, of lake/silver/account_move.\n");
        assertThat(file).doesNotExist();
        assertThat(tables.table(TABLE).snapshot().orElseThrow().numRecords()).isEqualTo(2);
    }

    @Test
    void aDryRunNamesTheFilesAndDeletesNone() throws IOException {
        Path file = leftover("left.parquet");

        assertThat(table("vacuum", "--dry-run").out())
                .isEqualTo("left.parquet\nWould delete 1 file, 0.0 KB, of silver.account_move.\n");
        assertThat(table("vacuum", "--dry-run", "--format=json").out())
                .isEqualTo("{\"table\":\"silver.account_move\",\"dryRun\":true,\"bytes\":5,\"inUse\":0,"
                        + "\"files\":[\"left.parquet\"]}\n");
        assertThat(table("vacuum", "--dry-run", "--retention", "60d").out())
                .isEqualTo("Nothing to delete: silver.account_move needs all its files.\n");
        assertThat(file).exists();
    }

    @Test
    void aRetentionShorterThanTheTableSaysIsRefused() {
        TarnRun run = table("vacuum", "--yes", "--retention", "1h");

        assertThat(run.err()).startsWith("RETENTION_TOO_SHORT  silver.account_move keeps deleted files for 168 hours");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void whoIsAskedDecides() throws IOException {
        Path file = leftover("left.parquet");
        List<String> questions = new ArrayList<>();

        TarnRun refused = asked(questions, false, "table", "vacuum", TABLE, "--root", "lake");

        assertThat(refused.err()).isEqualTo("Nothing was deleted.\n");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(file).exists();

        TarnRun agreed = asked(questions, true, "table", "vacuum", TABLE, "--root", "lake");

        assertThat(agreed.out()).isEqualTo("Deleted 1 file, 0.0 KB, of silver.account_move.\n");
        assertThat(agreed.exitCode()).isZero();
        assertThat(file).doesNotExist();
        assertThat(questions)
                .containsOnly("Delete 1 file, 0.0 KB, of silver.account_move?")
                .hasSize(2);
    }
}
