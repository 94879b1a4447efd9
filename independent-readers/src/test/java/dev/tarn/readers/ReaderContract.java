package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Tarn wrote reads the same elsewhere: columns, types, and rows as a multiset. */
abstract class ReaderContract {

    private static final TableName TABLE = TableName.parse("silver.written");

    /** Values at the edges of every type, NULLs, and an ordinary row. */
    private static final String ALL_TYPES =
            """
            SELECT * FROM (VALUES
              (1, true, 127::TINYINT, 32767::SMALLINT, 2147483647::INTEGER, 9223372036854775807::BIGINT,
               1.5::FLOAT, 'NaN'::DOUBLE, 99999.99::DECIMAL(7,2), 1234567890123456.78::DECIMAL(18,2),
               -12345678901234567890.123456789012345678::DECIMAL(38,18), 'Müller "&" Söhne \\ 株式会社 😀', '\\x00\\xFF'::BLOB,
               DATE '1582-10-15', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', TIMESTAMP '2024-02-29 12:00:00.000001',
               [1, NULL, 3], {'a': 1, 'b': 'x'}, MAP {'k': 1.10::DECIMAL(10,2), 'l': NULL}, [{'a': [1, 2]}]),
              (2, false, (-128)::TINYINT, (-32768)::SMALLINT, (-2147483648)::INTEGER, (-9223372036854775807 - 1)::BIGINT,
               '-inf'::FLOAT, '-0.0'::DOUBLE, -99999.99, -1234567890123456.78, 0, '', ''::BLOB,
               DATE '9999-12-31', TIMESTAMPTZ '2400-01-01 00:00:00.000001+00', TIMESTAMP '1900-01-01 00:00:00',
               [], {'a': NULL, 'b': NULL}, MAP {}, [NULL]),
              (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL)
            ) AS t (id, boolean, tiny, small, int, big, float, double, money, long_money, odoo_money, text, bytes, day,
                    moment, local, list, struct, map, nested)""";

    private static final String NUMBERS =
            "SELECT i::BIGINT AS id, (i %% 3)::INTEGER AS part, 'row ' || i AS text FROM range(%d, %d) AS r (i)";

    @TempDir
    private Path folder;

    private WrittenLake lake;
    private LakeComparison comparison;

    abstract TableReader reader();

    @BeforeEach
    void open() throws IOException {
        Path root = Files.createDirectory(folder.resolve("lake"));
        lake = new WrittenLake(root, folder.resolve("writing"));
        comparison = new LakeComparison(root, folder.resolve("reading"));
    }

    @AfterEach
    void close() {
        comparison.close();
        lake.close();
    }

    @Test
    void everyTypeIsReadIdentically() throws IOException {
        lake.create(TABLE, ALL_TYPES, List.of(), Map.of());
        lake.append(TABLE, ALL_TYPES);

        assertRows(3);
    }

    @Test
    void aTableWithoutRowsIsReadIdentically() throws IOException {
        lake.create(TABLE, ALL_TYPES, List.of(), Map.of());

        assertRows(0);
    }

    @Test
    void everyTypeThatCanBePartOfAPathIsReadIdenticallyAsAPartition() throws IOException {
        String rows =
                """
                SELECT id, boolean, small, big, odoo_money, day, text, 1 AS value FROM (%s)
                UNION ALL SELECT 4, true, 1, 2, 3, DATE '2024-01-01', 'a/b c%%20=ü', 2
                UNION ALL SELECT 10 + i, true, 1, 2, 3, DATE '0001-01-01', text, 3 FROM (SELECT unnest(
                ['__HIVE_DEFAULT_PARTITION__', '..', 'O''Brien', 'x:y\\z"[a]*?{b}#&+', ' ', 'null', chr(10)]) AS text,
                generate_subscripts([1, 2, 3, 4, 5, 6, 7], 1) AS i)"""
                        .formatted(ALL_TYPES);
        lake.create(TABLE, rows, List.of("boolean", "small", "big", "odoo_money", "day", "text"), Map.of());
        lake.append(TABLE, rows);

        assertRows(11);
    }

    @Test
    void appendedRowsAreReadIdentically() throws IOException {
        createNumbers(List.of());
        lake.append(TABLE, numbers(0, 1000));
        lake.append(TABLE, numbers(500, 2000));

        assertRows(2500);
    }

    @Test
    void replacedRowsAreGoneForOthersToo() throws IOException {
        createNumbers(List.of("part"));
        lake.append(TABLE, numbers(0, 1000));
        lake.replace(TABLE, numbers(10, 20));

        assertRows(10);
    }

    @Test
    void anOlderVersionIsReadIdentically() throws IOException {
        createNumbers(List.of());
        long first = lake.append(TABLE, numbers(0, 10));
        lake.replace(TABLE, numbers(100, 200));

        assertThat(comparison.assertIsReadIdentically(reader(), TABLE, OptionalLong.of(first)))
                .isEqualTo(10);
        assertRows(100);
    }

    @Test
    void aCheckpointIsReadIdentically() throws IOException {
        createNumbers(List.of("part"));
        for (int commit = 0; commit < 12; commit++) {
            lake.append(TABLE, numbers(commit * 10, commit * 10 + 10));
        }
        lake.replace(TABLE, numbers(0, 50));
        lake.append(TABLE, numbers(50, 60));
        Path log = folder.resolve("lake").resolve(TABLE.path()).resolve("_delta_log");

        assertThat(log.resolve("00000000000000000010.checkpoint.parquet")).exists();
        deleteCommitsBefore(log, 10);
        assertRows(60);
    }

    private static void deleteCommitsBefore(Path log, int version) throws IOException {
        for (int old = 0; old < version; old++) {
            Files.delete(log.resolve("%020d.json".formatted(old)));
        }
    }

    private void createNumbers(List<String> partitionBy) {
        lake.create(TABLE, numbers(0, 1), partitionBy, Map.of());
    }

    private static String numbers(int from, int to) {
        return NUMBERS.formatted(from, to);
    }

    private void assertRows(int count) throws IOException {
        assertThat(comparison.tables()).containsExactly(TABLE);
        assertThat(comparison.assertIsReadIdentically(reader(), TABLE, OptionalLong.empty()))
                .isEqualTo(count);
    }
}
