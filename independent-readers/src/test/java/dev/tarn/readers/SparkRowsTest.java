package dev.tarn.readers;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What Spark records of rows and files beside their content. */
class SparkRowsTest extends SparkTables {

    @Test
    void rowsBehindDeletionVectorsAreGone() throws IOException {
        documentedAs("deletion vectors");
        // Many row groups in a file: positions count through all of them.
        set("parquet.block.size", "5000");
        set("parquet.page.size", "500");
        run(
                """
                CREATE TABLE $t USING delta PARTITIONED BY (p) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')
                AS SELECT id, concat('row ', hash(id)) AS text, id % 2 AS p FROM range(0, 6000, 1, 1)""",
                "DELETE FROM $t WHERE id % 3 = 0",
                "UPDATE $t SET text = NULL WHERE id % 100 = 1",
                "DELETE FROM $t WHERE id BETWEEN 50 AND 5800");

        assertTarnReads(166);
        assertTarnReadsVersion(1, 4000);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void rowsOfATableThatTracksThemAreRead() throws IOException {
        documentedAs("row tracking");
        run(
                "CREATE TABLE $t USING delta TBLPROPERTIES ('delta.enableRowTracking' = 'true')"
                        + " AS SELECT id, 'a' AS text FROM range(0, 5, 1, 1)",
                "UPDATE $t SET text = 'b' WHERE id = 1");

        assertTarnReads(5);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature rowTracking");
    }

    @Test
    void changeFilesAreNoRows() throws IOException {
        documentedAs("change data feed");
        run(
                "CREATE TABLE $t USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')"
                        + " AS SELECT id, 'a' AS text FROM range(0, 5, 1, 1)",
                "UPDATE $t SET text = 'b' WHERE id = 1",
                "DELETE FROM $t WHERE id = 2");

        assertTarnReads(4);
        assertOthersReadAsDocumented();
        assertTarnWrites();
        assertChanges(3, "insert 4");
        assertChanges(4, "delete 4");
    }

    @Test
    void clusteredRowsAreRead() throws IOException {
        documentedAs("liquid clustering");
        run(
                "CREATE TABLE $t USING delta CLUSTER BY (id) AS SELECT id, 'a' AS text FROM range(0, 5, 1, 1)",
                "INSERT INTO $t VALUES (7, 'b')",
                "OPTIMIZE $t");

        assertTarnReads(6);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature clustering");
    }

    @Test
    void rowsAreCountedWhereNobodyKeptStatistics() throws IOException {
        documentedAs("no statistics");
        set("spark.databricks.delta.stats.collect", "false");
        run(
                """
                CREATE TABLE $t USING delta TBLPROPERTIES
                ('delta.enableDeletionVectors' = 'true', 'delta.dataSkippingNumIndexedCols' = '0')
                AS SELECT id, 'a' AS text FROM range(0, 50, 1, 1)""",
                "DELETE FROM $t WHERE id = 1");

        assertTarnReads(49);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }
}
