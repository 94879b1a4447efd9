package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of Tarn that was packed and vacuumed, with checkpoints and checksums in its log, reads the same elsewhere. */
abstract class MaintainedTableContract {

    private static final TableName TABLE = TableName.parse("silver.maintained");
    private static final String ROWS =
            "SELECT range::BIGINT AS id, 'p' || range %% 2 AS p, 'row ' || range AS text FROM range(%d, %d)";
    private static final Duration LONG_AGO = Duration.ofDays(10);

    @TempDir
    private Path folder;

    abstract TableReader reader();

    private static String rows(int from, int to) {
        return String.format(ROWS, from, to);
    }

    private void makeOld() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG_AGO)));
            }
        }
    }

    @Test
    void everyVersionWithinTheRetentionIsReadAsTarnReadsIt() throws IOException {
        Path lake = Files.createDirectory(folder.resolve("lake"));
        Clock before = Clock.offset(Clock.systemUTC(), LONG_AGO.negated());
        try (WrittenLake tarn = new WrittenLake(lake, folder.resolve("before"), before)) {
            tarn.create(
                    TABLE,
                    rows(0, 1),
                    List.of("p"),
                    Map.of(
                            "delta.enableDeletionVectors", "true",
                            "delta.enableChangeDataFeed", "true",
                            "delta.checkpointInterval", "2"));
            tarn.append(TABLE, rows(0, 10));
            tarn.replace(TABLE, rows(100, 200));
        }
        makeOld();
        try (WrittenLake tarn = new WrittenLake(lake, folder.resolve("now"))) {
            tarn.append(TABLE, rows(200, 300));
            tarn.append(TABLE, rows(300, 400));
            tarn.delete(TABLE, "id % 10 = 3");
            tarn.optimize(TABLE);
            tarn.append(TABLE, rows(400, 401));
            tarn.append(TABLE, rows(401, 402));

            assertThat(tarn.vacuum(TABLE).files()).as("the files of version 1").hasSize(2);
        }
        try (LakeComparison comparison = new LakeComparison(lake, folder.resolve("reading"))) {
            int[] rows = {100, 200, 300, 270, 270, 271, 272};
            for (int version = 2; version <= 8; version++) {
                assertThat(comparison.assertIsReadIdentically(reader(), TABLE, OptionalLong.of(version)))
                        .isEqualTo(rows[version - 2]);
            }
            assertThat(comparison.assertIsReadIdentically(reader(), TABLE, OptionalLong.empty()))
                    .isEqualTo(272);
        }
        assertThat(lake.resolve(TABLE.path()).resolve("_delta_log/%020d.crc".formatted(8)))
                .exists();
    }
}
