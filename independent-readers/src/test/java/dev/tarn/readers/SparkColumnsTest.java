package dev.tarn.readers;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Columns that Spark declares in ways of its own, or changes after rows were written. */
class SparkColumnsTest extends SparkTables {

    private static final String UNKNOWN = "\n    Let the table's writer leave the column out, or give it another type.";

    @Test
    void columnsAreFoundAfterTheyWereRenamedDroppedAndAddedAgain() throws IOException {
        documentedAs("column mapping by name");
        run(
                """
                CREATE TABLE $t (id INT, a STRING, st STRUCT<x: INT, y: ARRAY<STRUCT<k: INT, v: STRING>>>,
                m MAP<STRING, STRUCT<q: INT>>, p STRING) USING delta PARTITIONED BY (p)""",
                "INSERT INTO $t VALUES (1, 'a', struct(1, array(struct(1, 'v'), NULL)), map('k', struct(5)), 'p1')",
                "ALTER TABLE $t SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
                "ALTER TABLE $t RENAME COLUMN a TO b",
                "ALTER TABLE $t RENAME COLUMN p TO `p, q`",
                "ALTER TABLE $t RENAME COLUMN m.value.q TO `q =`",
                "ALTER TABLE $t DROP COLUMN st.x",
                "ALTER TABLE $t ADD COLUMNS (a INT, st.x STRING, st.y.element.z INT, `odd name, ;{}()=` INT)",
                """
                INSERT INTO $t VALUES
                (2, 'b', struct(array(struct(2, 'w', 3)), 'x2'), map('k2', struct(6), 'n', NULL), 'p2', 7, 8),
                (3, NULL, NULL, NULL, NULL, NULL, NULL)""");

        assertTarnReads(3);
        assertTarnReadsVersion(1, 1);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature columnMapping");
    }

    @Test
    void columnsAreFoundByTheirIds() throws IOException {
        documentedAs("column mapping by id");
        run(
                """
                CREATE TABLE $t (id INT, a STRING, st STRUCT<x: INT, y: ARRAY<STRUCT<k: INT>>>, p STRING) USING delta
                PARTITIONED BY (p) TBLPROPERTIES ('delta.columnMapping.mode' = 'id')""",
                "INSERT INTO $t VALUES (1, 'a', struct(1, array(struct(1))), 'p1')",
                "ALTER TABLE $t RENAME COLUMN a TO `x y`",
                "ALTER TABLE $t RENAME COLUMN st.y.element.k TO `k k`",
                "ALTER TABLE $t DROP COLUMN st.x",
                "ALTER TABLE $t ADD COLUMNS (a INT, st.x STRING)",
                "INSERT INTO $t VALUES (2, 'b', struct(array(struct(9)), 'x2'), 'p2', 7)");

        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature columnMapping");
    }

    @Test
    void widenedTypesShowOlderRowsInTheNewType() throws IOException {
        documentedAs("type widening");
        run(
                """
                CREATE TABLE $t USING delta TBLPROPERTIES
                ('delta.enableTypeWidening' = 'true', 'delta.feature.timestampNtz' = 'supported')
                AS SELECT 2147483647 AS i, CAST(-128 AS TINYINT) AS b, CAST(0.1 AS FLOAT) AS f,
                CAST(12345678.91 AS DECIMAL(10, 2)) AS d, DATE '1500-02-28' AS day, -7 AS n,
                struct(1 AS i, DATE '0001-01-01' AS day) AS st, array(1, NULL) AS list,
                map(1, CAST(1.5 AS DECIMAL(5, 1))) AS m""",
                widen("i", "BIGINT"),
                widen("b", "INT"),
                widen("f", "DOUBLE"),
                widen("d", "DECIMAL(30, 6)"),
                widen("day", "TIMESTAMP_NTZ"),
                widen("n", "DECIMAL(12, 2)"),
                widen("st.i", "DOUBLE"),
                widen("st.day", "TIMESTAMP_NTZ"),
                widen("list.element", "BIGINT"),
                widen("m.key", "BIGINT"),
                widen("m.value", "DECIMAL(20, 3)"),
                """
                INSERT INTO $t VALUES (9223372036854775807, 70000, 2.5, 1.000001, TIMESTAMP_NTZ '1500-01-01 00:00:00.000001',
                1.25, struct(2.5, TIMESTAMP_NTZ '2020-01-01 00:00:00'), array(9223372036854775807),
                map(9223372036854775807, 1.234))""");

        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature typeWidening");
    }

    private static String widen(String column, String type) {
        return "ALTER TABLE $t ALTER COLUMN " + column + " TYPE " + type;
    }

    @Test
    void valuesThatSparkComputesAreRead() throws IOException {
        documentedAs("generated columns");
        run(
                "CREATE TABLE $t (id INT, twice INT GENERATED ALWAYS AS (id * 2)) USING delta",
                "INSERT INTO $t (id) VALUES (1)");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite(unsupportedByKernel("generatedColumns"));
    }

    @Test
    void identitiesAreRead() throws IOException {
        documentedAs("identity columns");
        run(
                "CREATE TABLE $t (id BIGINT GENERATED ALWAYS AS IDENTITY, text STRING) USING delta",
                "INSERT INTO $t (text) VALUES ('a'), ('b')");

        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature identityColumns");
    }

    @Test
    void defaultsAreRead() throws IOException {
        documentedAs("column defaults");
        run(
                """
                CREATE TABLE $t (id INT, text STRING DEFAULT 'x') USING delta
                TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')""",
                "INSERT INTO $t (id) VALUES (1)");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature allowColumnDefaults");
    }

    @Test
    void rowsUnderAConstraintAreRead() throws IOException {
        documentedAs("CHECK constraints");
        run("CREATE TABLE $t USING delta TBLPROPERTIES ('delta.constraints.positive' = 'id > 0') AS SELECT 1 AS id");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite(unsupportedByKernel("checkConstraints"));
    }

    private static String unsupportedByKernel(String feature) {
        return "cannot be written (Unsupported Delta writer features: table `/silver/foreign` requires writer table"
                + " features [" + feature + "] which is unsupported by this version of Delta Kernel.)";
    }

    @Test
    void columnsThatMustNotBeNullAreReadAndNotWritten() throws IOException {
        documentedAs("NOT NULL");
        run(
                "CREATE TABLE $t (id INT, st STRUCT<a: INT NOT NULL>) USING delta",
                "INSERT INTO $t VALUES (1, struct(2)), (NULL, struct(3))");

        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("has the column st with NOT NULL");
    }

    @Test
    void textsOfALimitedLengthAreReadAndNotWritten() throws IOException {
        documentedAs("VARCHAR(n)");
        run("CREATE TABLE $t (text VARCHAR(3)) USING delta", "INSERT INTO $t VALUES ('abc'), (NULL)");

        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("has the column text of type VARCHAR(3)");
    }

    @Test
    void textsFilledWithBlanksAreRefused() throws IOException {
        documentedAs("CHAR(n)");
        run("CREATE TABLE $t (text CHAR(5)) USING delta", "INSERT INTO $t VALUES ('abc')");

        assertTarnRefusesToRead(
                "TABLE_FEATURE_UNSUPPORTED  silver.foreign has the column text of type CHAR(5)." + UNKNOWN);
        assertOthersReadAsDocumented();
    }

    @Test
    void variantsAreRefused() throws IOException {
        documentedAs("VARIANT");
        run("CREATE TABLE $t USING delta AS SELECT parse_json('{\"a\":1}') AS v");

        assertTarnRefusesToRead(
                "TABLE_FEATURE_UNSUPPORTED  silver.foreign has the column v: the type variant is not known." + UNKNOWN);
        assertOthersReadAsDocumented();
    }

    @Test
    void columnsOfNoTypeAreRefused() throws IOException {
        documentedAs("VOID");
        run("CREATE TABLE $t USING delta AS SELECT 1 AS id, NULL AS v");

        assertTarnRefusesToRead("TABLE_FEATURE_UNSUPPORTED  silver.foreign has a column that cannot be read (Failed to"
                + " parse the schema. Encountered unsupported Delta data type: VOID)." + UNKNOWN);
        assertOthersReadAsDocumented();
    }
}
