package dev.tarn.readers;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Values at the edges, as Spark stores them. */
class SparkValuesTest extends SparkTables {

    private static final String MOMENTS =
            """
            SELECT 1 AS id, TIMESTAMP '1880-01-01 00:00:00.000001' AS at,
            struct(TIMESTAMP '2020-01-01 00:00:00' AS at, TIMESTAMP_NTZ '1880-01-01 00:00:00' AS plain) AS st,
            array(array(TIMESTAMP '1899-12-31 23:59:59.999999', NULL), NULL) AS list,
            map(TIMESTAMP '1969-12-31 23:59:59.999999', struct(TIMESTAMP '2261-12-31 00:00:00' AS at)) AS m
            UNION ALL SELECT 2, NULL, NULL, array(), NULL""";

    @Test
    void valuesAtTheEdgesOfTheirTypesAreRead() throws IOException {
        documentedAs("all types, nested ones too");
        set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
        run(
                """
                CREATE TABLE $t USING delta TBLPROPERTIES ('delta.feature.timestampNtz' = 'supported') AS
                SELECT * FROM VALUES
                (1, true, CAST(127 AS TINYINT), CAST(-32768 AS SMALLINT), -9223372036854775808, CAST('NaN' AS FLOAT),
                double('-0.0'), 99999999999999999999999999999999999999BD, 'a\\u0000"\\\\😀', X'00FF', DATE '0001-01-01',
                TIMESTAMP '1582-10-04 23:59:59.999999', TIMESTAMP_NTZ '1582-10-04 00:00:00',
                array(struct(DATE '1582-10-10' AS day, map('', array(struct(CAST(NULL AS INT) AS x))) AS m), NULL)),
                (2, false, NULL, NULL, NULL, CAST('-Infinity' AS FLOAT), 4.9E-324D, -0.5BD, '', X'', DATE '9999-12-31',
                TIMESTAMP '9999-12-31 23:59:59.999999', TIMESTAMP_NTZ '9999-12-31 23:59:59.999999', array()),
                (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
                AS t (id, bool, tiny, small, big, f, d, dec, text, bytes, day, at, plain, nested)""");

        assertTarnReads(3);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void momentsAsInt96AreReadWhateverTheZoneOfTheirWriter() throws IOException {
        documentedAs("INT96 timestamps");
        set("spark.sql.parquet.outputTimestampType", "INT96");
        set("spark.sql.session.timeZone", "Asia/Manila");
        run(
                """
                CREATE TABLE $t USING delta TBLPROPERTIES
                ('delta.feature.timestampNtz' = 'supported', 'delta.enableDeletionVectors' = 'true') AS\s"""
                        + MOMENTS);
        set("spark.sql.session.timeZone", "UTC");
        run("INSERT INTO $t SELECT id + 2, at, st, list, m FROM (" + MOMENTS + ")", "DELETE FROM $t WHERE id = 4");
        set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MILLIS");
        run("INSERT INTO $t SELECT id + 4, at, st, list, m FROM (" + MOMENTS + ")");

        assertTarnReads(5);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void momentsAsInt96AreReadBeyondNanoseconds() throws IOException {
        documentedAs("INT96 timestamps before 1677 or after 2262");
        set("spark.sql.parquet.outputTimestampType", "INT96");
        run(
                """
                CREATE TABLE $t USING delta AS
                SELECT TIMESTAMP '0001-01-01 00:00:00.000001' AS at, array(TIMESTAMP '9999-12-31 23:59:59.999999') AS list""");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void daysOfTheOldCalendarAreRefused() throws IOException {
        documentedAs("days before 1900 in rebase mode LEGACY");
        set("spark.sql.parquet.datetimeRebaseModeInWrite", "LEGACY");
        run("CREATE TABLE $t USING delta AS SELECT DATE '1500-01-01' AS day");

        assertTarnRefusesToRead(
                """
                TABLE_FEATURE_UNSUPPORTED  silver.foreign has files in which Spark wrote days before 1900 by the old\
                 calendar (rebase mode LEGACY).
                    Let Spark write them anew with spark.sql.parquet.datetimeRebaseModeInWrite and\
                 spark.sql.parquet.int96RebaseModeInWrite set to CORRECTED.""");
        assertOthersReadAsDocumented();
        assertTarnWritesWhatItDoesNotRead("SELECT DATE '1500-01-02' AS day");
    }

    @Test
    void laterDaysAreReadWhateverTheCalendar() throws IOException {
        documentedAs("later days in rebase mode LEGACY");
        set("spark.sql.parquet.datetimeRebaseModeInWrite", "LEGACY");
        set("spark.sql.parquet.int96RebaseModeInWrite", "LEGACY");
        run(
                """
                CREATE TABLE $t USING delta AS SELECT * FROM VALUES
                (DATE '1900-01-02', TIMESTAMP '2020-01-01 00:00:00', struct(DATE '1950-01-01' AS day)), (NULL, NULL, NULL)
                AS t (day, at, st)""");

        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void listsAndDecimalsInTheOlderLayoutAreRead() throws IOException {
        documentedAs("older layout of lists and decimals (writeLegacyFormat)");
        set("spark.sql.parquet.writeLegacyFormat", "true");
        run(
                """
                CREATE TABLE $t (id INT, short DECIMAL(10, 2), long DECIMAL(30, 10), list ARRAY<INT>,
                m MAP<STRING, ARRAY<STRUCT<z: INT>>>, one ARRAY<STRUCT<array: INT>>,
                nested ARRAY<STRUCT<bag: ARRAY<STRUCT<element: INT>>>>) USING delta""",
                """
                INSERT INTO $t VALUES
                (1, 1.25, -12345678901234567890.01, array(1, NULL, 3), map('a', array(struct(7))), array(struct(1)),
                array(struct(array(struct(2), NULL)), NULL)), (2, NULL, NULL, array(), map(), array(), NULL)""");

        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void filesOfEveryCompressionAreRead() throws IOException {
        documentedAs("compression gzip, lz4, none; Parquet pages of version 2");
        set("spark.sql.parquet.compression.codec", "gzip");
        run("CREATE TABLE $t USING delta AS SELECT id, 'x' AS text, id / 3 AS third FROM range(0, 50, 1, 1)");
        set("parquet.writer.version", "v2");
        for (String codec : new String[] {"lz4", "uncompressed"}) {
            set("spark.sql.parquet.compression.codec", codec);
            run("INSERT INTO $t SELECT id, '" + codec + "', id / 7 FROM range(0, 50, 1, 1)");
        }

        assertTarnReads(150);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }
}
