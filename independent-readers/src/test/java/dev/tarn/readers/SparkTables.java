package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table that Spark writes. Spark's own reading is the truth; what Tarn and the other readers make of the table has to be
 * what {@code docs/reference/interoperability.md} says.
 */
@Tag("full")
@ExtendWith(SharedReaders.class)
abstract class SparkTables {

    static final TableName TABLE = TableName.parse("silver.foreign");
    private static final String OWN_TABLES =
            "\n    Let Tarn create its tables itself, and leave their features and properties as they are.";

    private final Set<String> changed = new LinkedHashSet<>();

    @TempDir
    private Path folder;

    private InteroperabilityPage.Line documented = InteroperabilityPage.NOTHING;
    private TableContent truth = new TableContent(List.of(), List.of());
    private SparkReader spark;
    private TableReader deltaRs;
    private WrittenLake tarn;
    private LakeComparison comparison;

    @BeforeEach
    void open(SparkReader sharedSpark, DeltaRsReader sharedDeltaRs) throws IOException {
        spark = sharedSpark;
        deltaRs = sharedDeltaRs;
        Path root = Files.createDirectory(folder.resolve("lake"));
        tarn = new WrittenLake(root, folder.resolve("writing"));
        comparison = new LakeComparison(root, folder.resolve("reading"));
        // Without it Tarn writes to no table at all, whatever its other features.
        set("spark.databricks.delta.properties.defaults.feature.domainMetadata", "supported");
    }

    @AfterEach
    void close() {
        changed.forEach(property -> spark.set(property, ""));
        comparison.close();
        tarn.close();
    }

    /** Which line of the documentation the test is about. */
    final void documentedAs(String feature) throws IOException {
        documented = InteroperabilityPage.line(feature);
    }

    /** Sets a property of Spark's session until the test's end. */
    final void set(String property, String value) {
        changed.add(property);
        spark.set(property, value);
    }

    /** Runs statements, {@code $t} being the table. */
    final void run(String... statements) {
        for (String statement : statements) {
            spark.run(statement.replace("$t", "delta.`" + place() + "`"));
        }
    }

    /** Tarn, writing to the table. */
    final WrittenLake tarn() {
        return tarn;
    }

    final Path place() {
        return folder.resolve("lake").resolve(TABLE.path()).toAbsolutePath();
    }

    /** Deletes the commits before {@code version}, so that only a checkpoint tells of them. */
    final void forgetCommitsBefore(long version) throws IOException {
        for (long old = 0; old < version; old++) {
            Files.delete(place().resolve("_delta_log").resolve("%020d.json".formatted(old)));
        }
    }

    /** Names of the files of the log. */
    final List<String> log() throws IOException {
        try (Stream<Path> files = Files.list(place().resolve("_delta_log"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** What Spark sees now. */
    private TableContent readBySpark() {
        truth = spark.read(place(), OptionalLong.empty());
        return truth;
    }

    final void assertTarnReads(int rows) throws IOException {
        assertThat(documented.tarnReads()).isEqualTo("yes");
        assertThat(readBySpark().rows()).hasSize(rows);
        assertTarnReadsTheSame();
    }

    private void assertTarnReadsTheSame() throws IOException {
        comparison.assertIsReadIdentically((place, version) -> truth, TABLE, OptionalLong.empty());
    }

    final void assertTarnReadsVersion(long version, int rows) throws IOException {
        assertThat(comparison.assertIsReadIdentically(spark, TABLE, OptionalLong.of(version)))
                .isEqualTo(rows);
    }

    final void assertTarnRefusesToRead(String message) {
        assertThat(documented.tarnReads()).isEqualTo("no");
        TableContent seen = readBySpark();
        assertRefusal(
                catchThrowable(() ->
                        comparison.assertIsReadIdentically((place, version) -> seen, TABLE, OptionalLong.empty())),
                message);
    }

    /** Neither are rows added, nor is the table's content replaced. */
    final void assertTarnRefusesToWrite(String why) {
        assertThat(documented.tarnWrites()).isEqualTo("no");
        String message = "TABLE_FEATURE_UNSUPPORTED  silver.foreign " + why + "." + OWN_TABLES;
        assertRefusal(catchThrowable(() -> tarn.append(TABLE, tarn.rows(TABLE))), message);
        assertRefusal(catchThrowable(() -> tarn.replace(TABLE, tarn.rows(TABLE))), message);
    }

    private static void assertRefusal(Throwable refusal, String message) {
        assertThat(refusal).isInstanceOf(TarnException.class).hasMessage(message);
    }

    /** Tarn adds the table's own rows to it, then puts them in place of all: Spark sees them twice, then once. */
    final void assertTarnWrites() throws IOException {
        assertThat(documented.tarnWrites()).isEqualTo("yes");
        TableContent before = truth;
        String rows = tarn.rows(TABLE);
        assertTarnAppends(before, rows);
        tarn.replace(TABLE, rows);
        assertThat(readBySpark()).isEqualTo(before);
        assertTarnReadsTheSame();
    }

    private void assertTarnAppends(TableContent before, String rows) throws IOException {
        tarn.append(TABLE, rows);
        List<String> twice =
                Stream.concat(before.rows().stream(), before.rows().stream()).toList();
        assertThat(readBySpark()).isEqualTo(new TableContent(before.columns(), twice));
        assertTarnReadsTheSame();
    }

    /** Tarn adds a row to those that it does not read, then puts it in their place. */
    final void assertTarnWritesWhatItDoesNotRead(String row) throws IOException {
        assertThat(documented.tarnWrites()).isEqualTo("yes");
        int before = truth.rows().size();
        tarn.append(TABLE, row);
        assertThat(readBySpark().rows()).hasSize(before + 1);
        tarn.replace(TABLE, row);
        assertThat(readBySpark().rows()).hasSize(1);
        assertTarnReadsTheSame();
    }

    final void assertTarnOnlyAppends(String why) throws IOException {
        assertThat(documented.tarnWrites()).isEqualTo("append");
        assertTarnAppends(truth, tarn.rows(TABLE));
        assertRefusal(
                catchThrowable(() -> tarn.replace(TABLE, tarn.rows(TABLE))),
                "TABLE_FEATURE_UNSUPPORTED  silver.foreign " + why + "." + OWN_TABLES);
    }

    /** Fails unless Tarn finds these rows, columns separated by a blank, to have come after the version. */
    final void assertNew(long after, String... rows) {
        assertThat(tarn.added(TABLE, after)).containsExactlyInAnyOrder(rows);
    }

    final void assertStreamIsBroken(long after, long by) {
        assertRefusal(
                catchThrowable(() -> tarn.added(TABLE, after)),
                "STREAM_BROKEN  Version " + by + " of silver.foreign updated or deleted rows, so the rows that are new"
                        + " cannot be told from those that were there.\n    Make the table that reads it a materialized"
                        + " view, or refresh it fully.");
    }

    /** What Spark's change feed says of a version: how many rows of each kind. */
    final void assertChanges(long version, String expected) {
        assertThat(spark.text(
                        "SELECT array_join(sort_array(collect_list(kind)), ', ') FROM (SELECT _change_type || ' ' ||"
                                + " count(*) AS kind FROM table_changes_by_path('" + place() + "', " + version + ", "
                                + version
                                + ") GROUP BY _change_type)"))
                .isEqualTo(expected);
    }

    final void assertOthersReadAsDocumented() throws IOException {
        assertThat(List.of(outcome(new KernelReader()), outcome(deltaRs)))
                .as("delta-kernel-defaults and delta-rs")
                .isEqualTo(List.of(documented.kernelReads(), documented.deltaRsReads()));
    }

    private String outcome(TableReader reader) {
        try {
            return reader.read(place(), OptionalLong.empty()).equals(truth) ? "yes" : "differs";
        } catch (IOException | RuntimeException refusal) {
            return "no";
        }
    }
}
