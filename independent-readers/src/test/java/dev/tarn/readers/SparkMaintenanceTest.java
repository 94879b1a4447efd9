package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Spark and Tarn pack and vacuum one another's tables. */
class SparkMaintenanceTest extends SparkTables {

    private static final String ROWS = "SELECT range::BIGINT AS id, 'row ' || range AS text FROM range(%d, %d)";

    private static String rows(int from, int to) {
        return String.format(ROWS, from, to);
    }

    /** Sets the time of all data files: those which no version within the retention knows may go then. */
    private void makeDataOld() throws IOException {
        Instant old = Instant.now().minus(Duration.ofDays(10));
        try (Stream<Path> files = Files.walk(place())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().contains("_delta_log")) {
                    Files.setLastModifiedTime(file, FileTime.from(old));
                }
            }
        }
    }

    private void createByTarn() {
        tarn().create(
                        TABLE,
                        rows(0, 1),
                        List.of(),
                        Map.of(
                                "delta.enableDeletionVectors", "true",
                                "delta.enableChangeDataFeed", "true",
                                "delta.checkpointInterval", "2"));
    }

    @Test
    void sparksVacuumLeavesWhatVersionsOfTarnsTableNeed() throws IOException {
        documentedAs("deletion vectors");
        createByTarn();
        tarn().append(TABLE, rows(0, 100));
        tarn().replace(TABLE, rows(100, 200));
        tarn().delete(TABLE, "id < 110");
        tarn().optimize(TABLE);
        for (int more = 200; more < 204; more++) {
            tarn().append(TABLE, rows(more, more + 1));
        }
        Path lost = Files.write(place().resolve("part-lost.parquet"), new byte[] {1});
        makeDataOld();

        run("VACUUM $t");

        assertThat(lost).doesNotExist();
        assertTarnReadsVersion(1, 100);
        assertTarnReadsVersion(2, 100);
        assertTarnReadsVersion(3, 90);
        assertTarnReads(94);
        assertTarnWrites();
    }

    @Test
    void sparkPacksTarnsTableAndTarnSparks() throws IOException {
        documentedAs("deletion vectors");
        createByTarn();
        for (int more = 0; more < 5; more++) {
            tarn().append(TABLE, rows(more * 10, more * 10 + 10));
        }
        tarn().delete(TABLE, "id = 7");

        run("OPTIMIZE $t");
        assertTarnReads(49);
        tarn().append(TABLE, rows(50, 60));
        tarn().optimize(TABLE);
        assertTarnReads(59);
        run("INSERT INTO $t VALUES (60, NULL)", "DELETE FROM $t WHERE id = 8");
        assertTarnReads(59);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void tarnPacksAndVacuumsWhatSparkWroteIntoPartitions() throws IOException {
        documentedAs("deletion vectors");
        run(
                """
                CREATE TABLE $t (id BIGINT, p STRING) USING delta PARTITIONED BY (p) TBLPROPERTIES
                ('delta.enableDeletionVectors' = 'true', 'delta.enableChangeDataFeed' = 'true',
                'delta.randomizeFilePrefixes' = 'false')""",
                "INSERT INTO $t SELECT id, concat('ü /=%', id % 2) FROM range(0, 100, 1, 2)",
                "INSERT INTO $t SELECT id, NULL FROM range(100, 120, 1, 2)",
                "DELETE FROM $t WHERE id % 3 = 0",
                "UPDATE $t SET id = id + 1000 WHERE id < 10");
        assertTarnReads(79);

        tarn().optimize(TABLE);
        assertTarnReads(79);
        makeDataOld();
        assertThat(tarn().vacuum(TABLE).files())
                .as("all is within the retention")
                .isEmpty();
        assertTarnReadsVersion(1, 100);
        assertTarnReadsVersion(3, 79);

        run("ALTER TABLE $t SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 0 hours')");
        makeDataOld();
        assertThat(tarn().vacuum(TABLE).files())
                .anyMatch(path -> path.startsWith("p="))
                .anyMatch(path -> path.contains("deletion_vector_"));
        assertTarnReads(79);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }
}
