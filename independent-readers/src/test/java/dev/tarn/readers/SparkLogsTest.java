package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Logs as Spark keeps them. */
class SparkLogsTest extends SparkTables {

    @Test
    void checkpointsWithSidecarsAreRead() throws IOException {
        documentedAs("v2 checkpoints");
        run(
                """
                CREATE TABLE $t (id INT, p STRING) USING delta PARTITIONED BY (p)
                TBLPROPERTIES ('delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '2')""",
                "INSERT INTO $t VALUES (1, 'a'), (2, NULL), (3, 'ü \"/=%')",
                "DELETE FROM $t WHERE id = 1",
                "INSERT INTO $t VALUES (4, 'a')");

        assertThat(log()).contains("_sidecars");
        forgetCommitsBefore(2);
        assertTarnReads(3);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("uses Delta's feature v2Checkpoint");
    }

    @Test
    void checkpointsInPartsAreRead() throws IOException {
        documentedAs("multi-part checkpoints");
        set("spark.databricks.delta.checkpoint.partSize", "2");
        run(
                """
                CREATE TABLE $t (id INT, p STRING) USING delta PARTITIONED BY (p)
                TBLPROPERTIES ('delta.checkpointInterval' = '2')""",
                "INSERT INTO $t VALUES (1, 'a'), (2, NULL), (3, 'ü \"/=%')",
                "INSERT INTO $t VALUES (4, 'a')");

        assertThat(log()).filteredOn(name -> name.endsWith(".parquet")).hasSizeGreaterThan(1);
        forgetCommitsBefore(2);
        assertTarnReads(4);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void checkpointsWithoutTheTextOfStatisticsAreRead() throws IOException {
        documentedAs("checkpoints without JSON statistics");
        run(
                """
                CREATE TABLE $t (id INT, text STRING) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '1',
                'delta.checkpoint.writeStatsAsJson' = 'false', 'delta.checkpoint.writeStatsAsStruct' = 'true')""",
                "INSERT INTO $t VALUES (1, 'a'), (2, NULL)");

        forgetCommitsBefore(1);
        assertTarnReads(2);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void commitsWithTimestampsOfTheirOwnAreRead() throws IOException {
        documentedAs("in-commit timestamps");
        run("CREATE TABLE $t USING delta TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true') AS SELECT 1 AS id");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void restoredAndVacuumedTablesAreReadAsTheyAreNow() throws IOException {
        documentedAs("restored and vacuumed tables");
        set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
        run(
                "CREATE TABLE $t USING delta AS SELECT id FROM range(0, 5, 1, 1)",
                "INSERT OVERWRITE $t VALUES (7), (8)",
                "RESTORE TABLE $t TO VERSION AS OF 0",
                "VACUUM $t RETAIN 0 HOURS");

        assertTarnReads(5);
        assertOthersReadAsDocumented();
        assertTarnWrites();
    }

    @Test
    void aShallowCloneIsRefused() throws IOException {
        documentedAs("shallow clones");
        Path source = place().resolveSibling("source");
        run(
                "CREATE TABLE delta.`" + source + "` USING delta AS SELECT 1 AS id",
                "CREATE TABLE $t SHALLOW CLONE delta.`" + source + "`");

        assertTarnRefusesToRead(
                """
                TABLE_FEATURE_UNSUPPORTED  silver.foreign has files outside of its folder, as a shallow clone has.
                    Copy the table instead of cloning it.""");
        assertOthersReadAsDocumented();
        assertTarnWritesWhatItDoesNotRead("SELECT 2 AS id");
    }

    @Test
    void aTableWithoutDomainMetadataIsOnlyRead() throws IOException {
        documentedAs("protocol 1, 2 (nothing declared)");
        set("spark.databricks.delta.properties.defaults.feature.domainMetadata", "");
        run("CREATE TABLE $t USING delta AS SELECT 1 AS id");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnRefusesToWrite("lacks Delta's feature domainMetadata, in which the progress of flows is kept");
    }

    @Test
    void rowsAreAddedToAnAppendOnlyTableAndNotTakenAway() throws IOException {
        documentedAs("append-only tables");
        run("CREATE TABLE $t USING delta TBLPROPERTIES ('delta.appendOnly' = 'true') AS SELECT 1 AS id");

        assertTarnReads(1);
        assertOthersReadAsDocumented();
        assertTarnOnlyAppends("has delta.appendOnly set, and rows of it would be replaced");
    }
}
