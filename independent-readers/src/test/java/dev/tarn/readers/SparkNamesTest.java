package dev.tarn.readers;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Names and partition values that mean something elsewhere. */
class SparkNamesTest extends SparkTables {

    @Test
    void namesThatMeanSomethingElsewhereAreNames() throws IOException {
        documentedAs("odd names (`filename`, `a.b`, `q\"q`, `o'o`, unicode)");
        run(
                """
                CREATE TABLE $t (filename STRING, file_row_number BIGINT, file_index INT, rowid INT, `a.b` INT, `q"q` INT,
                `t``t` STRING, `o'o` INT, `Müller株` INT, `_metadata` STRING, `select` INT, c0 INT, f INT,
                st STRUCT<`x.y`: INT, filename: INT, `k``k`: INT, `"`: INT>, `p.art` STRING, `P/Q%` STRING) USING delta
                PARTITIONED BY (`p.art`, `P/Q%`)""",
                """
                INSERT INTO $t VALUES
                ('f', 7, 1, 2, 3, 4, 't', 5, 6, 'm', 8, 9, 10, struct(1, 2, 3, 4), 'a/b c%20=ü', 'x'),
                (NULL, 8, 1, 2, 3, 4, 't', 5, 6, 'm', 8, 9, 10, NULL, '', '..'),
                ('h', 9, 1, 2, 3, 4, 't', 5, 6, 'm', 8, 9, 10, struct(1, 2, 3, NULL), NULL, 'O''Brien'),
                ('i', 0, 1, 2, 3, 4, 't', 5, 6, 'm', 8, 9, 10, struct(1, 2, 3, 4), '%2F+?#&:*|<>{}[]"\\\\\\\\', '  x ')""");

        assertTarnReads(4);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void namesThatOnlyMappedColumnsMayHaveAreNames() throws IOException {
        documentedAs("names with blanks, commas, braces and line ends");
        set("spark.sql.parquet.outputTimestampType", "INT96");
        run(
                """
                CREATE TABLE $t (`a b` INT, `a,b` INT, `{x}` INT, `line\nbreak` INT, `tab\tstop` INT, `=` INT,
                filename STRING, file_row_number INT, st STRUCT<`a b`: INT, `;`: ARRAY<STRUCT<`x, "y`: TIMESTAMP>>>,
                `p =` STRING) USING delta PARTITIONED BY (`p =`)
                TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.enableDeletionVectors' = 'true')""",
                """
                INSERT INTO $t VALUES (1, 2, 3, 4, 5, 6, 'f', 7, struct(1, array(struct(NULL))), 'x =y'),
                (11, 2, 3, 4, 5, 6, 'f', 7, struct(1, array(struct(TIMESTAMP '1880-01-01 00:00:00'))), 'x =y')""",
                "DELETE FROM $t WHERE `a b` = 1");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature columnMapping");
    }

    @Test
    void partitionValuesOfEveryTypeAreRead() throws IOException {
        documentedAs("partitions by BOOLEAN, DATE, DECIMAL, STRING, integers");
        run(
                """
                CREATE TABLE $t USING delta PARTITIONED BY (bool, tiny, big, day, amount, text) AS SELECT * FROM VALUES
                (1, true, CAST(-128 AS TINYINT), -9223372036854775808, DATE '0001-01-01',
                CAST(-12345678901234567890.123456789012345678 AS DECIMAL(38, 18)), 'a''b\\\\n'),
                (2, false, NULL, 0, DATE '9999-12-31', 0, '\\n'), (3, NULL, NULL, NULL, NULL, NULL, NULL)
                AS t (id, bool, tiny, big, day, amount, text)""");

        assertTarnReads(3);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void partitionValuesThatReadersWriteDifferentlyAreOnlyRead() throws IOException {
        documentedAs("partitions by FLOAT, DOUBLE, BINARY, TIMESTAMP_NTZ");
        run(
                """
                CREATE TABLE $t USING delta PARTITIONED BY (f, d, bytes, plain)
                TBLPROPERTIES ('delta.feature.timestampNtz' = 'supported') AS SELECT * FROM VALUES
                (1, CAST('NaN' AS FLOAT), double('Infinity'), X'615C783431', TIMESTAMP_NTZ '1500-01-01 00:00:00.000001'),
                (2, CAST(1.1E20 AS FLOAT), -1e-300D, X'C3BC', TIMESTAMP_NTZ '9999-12-31 23:59:59.999999'),
                (3, CAST('-0.0' AS FLOAT), double('-0.0'), X'', NULL) AS t (id, f, d, bytes, plain)""");

        assertTarnReads(3);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("is partitioned by f, which is a FLOAT");
    }

    @Test
    void momentsInPartitionValuesAreReadWhenTheyAreInUtc() throws IOException {
        documentedAs("partitions by TIMESTAMP");
        set("spark.sql.session.timeZone", "Asia/Manila");
        run(
                """
                CREATE TABLE $t USING delta PARTITIONED BY (at) AS SELECT * FROM VALUES
                (1, TIMESTAMP '1880-01-01 00:00:00.000001'), (2, TIMESTAMP '2020-01-01 00:00:00'), (3, NULL) AS t (id, at)""");
        set("spark.sql.session.timeZone", "UTC");

        assertTarnReads(3);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("is partitioned by at, which is a TIMESTAMP");
    }

    @Test
    void momentsInPartitionValuesAreRefusedWhenTheyAreLocal() throws IOException {
        documentedAs("partitions by TIMESTAMP in the session's zone (utcTimestampPartitionValues off)");
        set("spark.databricks.delta.write.utcTimestampPartitionValues", "false");
        run("CREATE TABLE $t USING delta PARTITIONED BY (at) AS SELECT 1 AS id, TIMESTAMP '2020-01-01 00:00:00' AS at");

        assertTarnRefusesToRead(
                """
                TABLE_FEATURE_UNSUPPORTED  silver.foreign is partitioned by at, which is a TIMESTAMP, and has files whose\
                 value is not in UTC.
                    Partition it by a DATE.""");
        assertOthersReadAsDocumented();
    }
}
