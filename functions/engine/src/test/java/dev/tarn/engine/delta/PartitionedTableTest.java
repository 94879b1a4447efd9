package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.StoredFile;
import org.junit.jupiter.api.Test;

class PartitionedTableTest extends DeltaFixture {

    private static final String REGIONS =
            "SELECT * FROM (VALUES (1, 'eu'), (2, NULL), (3, 'a b'), (4, 'x/y'), (5, '\u65e5\u672c'), (6, 'a=b%20#?&'),"
                    + " (7, ''), (8, '__HIVE_DEFAULT_PARTITION__'), (9, 'O''Brien'), (10, '..')) r(id, region)";

    @Test
    void rowsOfEveryPartitionComeBack() {
        create(REGIONS, "region");
        append(REGIONS);
        append("SELECT 11 AS id, 'eu' AS region");

        // An empty text cannot be a partition value in Delta: it becomes NULL.
        assertThat(rows(newest().scan(session)))
                .containsExactly(
                        "1, eu",
                        "10, ..",
                        "11, eu",
                        "2, NULL",
                        "3, a b",
                        "4, x/y",
                        "5, \u65e5\u672c",
                        "6, a=b%20#?&",
                        "7, NULL",
                        "8, __HIVE_DEFAULT_PARTITION__",
                        "9, O'Brien");
        assertThat(session.describe("SELECT * FROM " + newest().scan(session))).isEqualTo(newest().schema());
    }

    @Test
    void allFilesAreFlat() throws Exception {
        create(REGIONS, "region");
        append(REGIONS);

        assertThat(storage.list(NAME.path(), ""))
                .hasSize(newest().files().size())
                .extracting(StoredFile::name)
                .allMatch(name -> name.matches("part-[0-9a-f-]{36}\\.zstd\\.parquet"));
    }

    @Test
    void partitionColumnsKeepTheirTypesAndPlaces() {
        String sql =
                "SELECT * FROM (VALUES (true, 1, DATE '1969-12-31', -1.50::DECIMAL(9,2), 7::BIGINT, 'x', 1::TINYINT),"
                        + " (NULL, 2, NULL, NULL, NULL, NULL, NULL)) v(flag, id, day, amount, big, text, tiny)";
        create(sql, "day", "flag", "amount", "big", "tiny");
        append(sql);

        assertThat(newest().partitionBy()).containsExactly("day", "flag", "amount", "big", "tiny");
        assertThat(session.describe("SELECT * FROM " + newest().scan(session))).isEqualTo(session.describe(sql));
        assertThat(rows(newest().scan(session)))
                .containsExactly("NULL, 2, NULL, NULL, NULL, NULL, NULL", "true, 1, 1969-12-31, -1.50, 7, x, 1");
    }

    @Test
    void replacingAndStreamingWorkAcrossPartitions() {
        create(REGIONS, "region");
        append(REGIONS);
        replace("SELECT 1 AS id, 'us' AS region");
        append("SELECT 2 AS id, 'eu' AS region");

        assertThat(rows(newest().scan(session))).containsExactly("1, us", "2, eu");
        assertThat(rows(added(newest(), 2))).containsExactly("2, eu");
    }

    @Test
    void aColumnNamedLikeDuckDbsOwnIsNoTrouble() {
        String sql = "SELECT 'f' AS filename, 1 AS file_row_number, 'p' AS file";
        create(sql, "file");
        append(sql);

        assertThat(rows(newest().scan(session))).containsExactly("f, 1, p");
    }
}
