package dev.tarn.readers;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is new in a table that Spark writes to: exactly the rows it added, or a refusal. */
class SparkStreamsTest extends SparkTables {

    @Test
    void rowsAreNewOnceHoweverSparkRearrangesThem() throws IOException {
        documentedAs("deletion vectors");
        run(
                """
                CREATE TABLE $t USING delta TBLPROPERTIES
                ('delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'name')
                AS SELECT 1L AS id, 'a' AS text""",
                "INSERT INTO $t VALUES (2, 'b'), (3, NULL)",
                "OPTIMIZE $t",
                "ALTER TABLE $t RENAME COLUMN text TO `the text`",
                "MERGE INTO $t USING (SELECT 4L AS id) s ON $t.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (4)",
                "INSERT INTO $t VALUES (5, 'e')");

        assertNew(-1, "1 a", "2 b", "3 NULL", "4 NULL", "5 e");
        assertNew(1, "4 NULL", "5 e");
        assertNew(4, "5 e");
        assertNew(5);
        run("DELETE FROM $t WHERE id = 2");
        assertStreamIsBroken(1, 6);
        assertNew(6);
    }
}
