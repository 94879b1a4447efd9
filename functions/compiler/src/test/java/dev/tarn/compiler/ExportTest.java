package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.compiler.export.Export;
import dev.tarn.compiler.export.ExportTarget;
import dev.tarn.compiler.export.ExportedProject;
import dev.tarn.compiler.export.ExportedProject.ExportedFile;
import dev.tarn.compiler.export.Remark;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements as other engines take them. */
class ExportTest {

    @TempDir
    private Path folder;

    private ExportedProject export(ExportTarget target, String sql) {
        return Export.of(folder, new TestProject(folder).sql(sql).compile(), target);
    }

    private static String file(ExportedProject exported, String path) {
        return exported.files().stream()
                .filter(file -> file.path().equals(path))
                .map(ExportedFile::text)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> remarks(ExportedProject exported) {
        return exported.remarks().stream()
                .filter(remark -> remark.position().file().endsWith(".sql"))
                .map(Remark::toString)
                .toList();
    }

    private String spark(String sql) {
        return file(export(ExportTarget.SPARK, sql), "transformations/a.sql");
    }

    @Test
    void databricksGetsAQuarantineAsATableOfItsOwn() {
        ExportedProject exported = export(
                ExportTarget.DATABRICKS,
                """
                -- Names: Ünïcode 🏔 before it moves no word.
                CREATE OR REFRESH STREAMING TABLE silver.partner (
                  CONSTRAINT named EXPECT (name <> 'QUARANTINE') ON VIOLATION QUARANTINE,
                  CONSTRAINT known EXPECT (id > 0) ON VIOLATION DROP ROW
                ) AS SELECT id, name FROM STREAM(bronze.res_partner);
                """);

        assertThat(file(exported, "pipelines/a.sql"))
                .isEqualTo(
                        """
                -- Names: Ünïcode 🏔 before it moves no word.
                CREATE OR REFRESH STREAMING TABLE silver.partner (
                  CONSTRAINT named EXPECT (name <> 'QUARANTINE') ON VIOLATION DROP ROW,
                  CONSTRAINT known EXPECT (id > 0) ON VIOLATION DROP ROW
                ) AS SELECT id, name FROM STREAM(bronze.res_partner);

                CREATE OR REFRESH STREAMING TABLE silver.partner_quarantine
                COMMENT 'Rows that broke a rule of silver.partner'
                AS SELECT *, array_compact(array(CASE WHEN NOT coalesce((name <> 'QUARANTINE'), FALSE) THEN 'named' END)) AS _broken FROM (
                SELECT id, name FROM STREAM(bronze.res_partner)
                ) AS judged
                WHERE NOT (coalesce((name <> 'QUARANTINE'), FALSE));
                """);
        assertThat(remarks(exported))
                .containsExactly(
                        "pipelines/a.sql:3  rewritten  The expectation named became DROP ROW, and"
                                + " silver.partner_quarantine reads the rows that break it. Databricks does not know QUARANTINE.");
    }

    @Test
    void sparkGetsExpectationsAsConditionsAndFailuresAsErrors() {
        ExportedProject exported = export(
                ExportTarget.SPARK,
                """
                CREATE OR REFRESH STREAMING TABLE silver.partner (
                  id INT NOT NULL COMMENT 'Odoo''s',
                  name STRING,
                  CONSTRAINT named EXPECT (name <> '') ON VIOLATION DROP ROW,
                  CONSTRAINT known EXPECT (id > 0) ON VIOLATION FAIL UPDATE,
                  CONSTRAINT short EXPECT (name < 'x')
                )
                COMMENT 'All' CLUSTER BY (id) TBLPROPERTIES ('owner' = 'finance')
                AS SELECT id, name FROM STREAM(bronze.res_partner);
                """);

        assertThat(file(exported, "transformations/a.sql"))
                .isEqualTo(
                        """
                CREATE STREAMING TABLE silver.partner (
                  id INT COMMENT 'Odoo\\'s',
                  name STRING
                )
                COMMENT 'All'
                CLUSTER BY (id)
                TBLPROPERTIES ('owner' = 'finance');

                CREATE FLOW silver_partner_rows
                AS INSERT INTO silver.partner BY NAME
                SELECT * FROM (
                SELECT id, name FROM STREAM(bronze.res_partner)
                ) AS judged
                WHERE CASE
                  WHEN NOT coalesce((id > 0), FALSE) THEN CAST(raise_error('The expectation known failed.') AS BOOLEAN)
                  ELSE coalesce((name <> ''), FALSE)
                END;
                """);
        assertThat(remarks(exported))
                .containsExactly(
                        "pipelines/a.sql:2  lost  NOT NULL of id in silver.partner is not ensured."
                                + " Spark 4.2 takes no constraints in pipelines.",
                        "pipelines/a.sql:4  rewritten  The expectation named of silver.partner became a condition:"
                                + " rows are left out, not counted. Spark 4.2 has no expectations and counts nothing.",
                        "pipelines/a.sql:5  rewritten  The expectation known of silver.partner became raise_error in the"
                                + " query: the first row ends the update. Spark 4.2 has no expectations and counts nothing.",
                        "pipelines/a.sql:6  lost  The expectation short of silver.partner is left out: rows that break it"
                                + " are kept, as before. Spark 4.2 has no expectations and counts nothing.");
    }

    @Test
    void aViewThatIsStreamedAndReadByAutoCdcIsThereTwice() {
        assertThat(
                        spark(
                                """
                CREATE TEMPORARY VIEW changes AS SELECT id, name, _op, _seq FROM STREAM bronze.res_partner;
                CREATE STREAMING TABLE silver.all_names AS SELECT name FROM STREAM(changes);
                CREATE STREAMING TABLE silver.partner;
                CREATE FLOW partner AS AUTO CDC INTO silver.partner FROM STREAM(changes) KEYS (id) SEQUENCE BY _seq;
                """))
                .startsWith(
                        """
                CREATE TEMPORARY VIEW changes
                AS SELECT id, name, _op, _seq FROM STREAM bronze.res_partner;

                CREATE TEMPORARY VIEW changes_all
                AS SELECT id, name, _op, _seq FROM bronze.res_partner;
                CREATE STREAMING TABLE silver.all_names;
                """)
                .contains("FROM changes_all\n")
                .endsWith("\n-- Its changes are in the query of silver.partner.\n");
    }

    @Test
    void whatSparkHasNotIsLeftOutAndNamed() {
        ExportedProject exported = export(
                ExportTarget.SPARK,
                """
                CREATE OR REFRESH PRIVATE STREAMING TABLE silver.names;
                CREATE FLOW names AS INSERT INTO silver.names BY NAME SELECT name FROM STREAM(bronze.res_partner);
                CREATE FLOW former AS INSERT ONCE INTO silver.names BY NAME SELECT name FROM bronze.res_partner;
                CREATE STREAMING TABLE silver.seen;
                CREATE FLOW seen AS AUTO CDC INTO silver.seen FROM SNAPSHOT (SELECT id, name FROM bronze.res_partner)
                KEYS (id) STORED AS SCD TYPE 2;
                """);

        assertThat(file(exported, "transformations/a.sql"))
                .isEqualTo(
                        """
                CREATE STREAMING TABLE silver.names;
                CREATE FLOW names
                AS INSERT INTO silver.names BY NAME
                SELECT name FROM STREAM(bronze.res_partner);
                -- Left out: see REPORT.md.

                -- Left out: see REPORT.md.

                -- Its changes are in the query of silver.seen.
                """);
        assertThat(remarks(exported))
                .containsExactly(
                        "pipelines/a.sql:1  lost  silver.names is not private. Spark 4.2 has no private tables.",
                        "pipelines/a.sql:3  lost  INSERT ONCE into silver.names is left out. Spark 4.2 has no such flow in"
                                + " SQL. Insert its rows yourself, before the first run.",
                        "pipelines/a.sql:5  lost  AUTO CDC FROM SNAPSHOT into silver.seen is left out, and so is the table."
                                + " Its versions come from snapshots that are gone.");
    }

    @Test
    void wordsOfOlderPipelinesAndSettingsOfAFileAreSparks() {
        assertThat(
                        spark(
                                """
                USE SCHEMA silver;
                CREATE LIVE VIEW partners AS SELECT id FROM bronze.res_partner;
                CREATE OR REFRESH LIVE TABLE partner AS SELECT id FROM LIVE.partners;
                """))
                .isEqualTo(
                        """
                USE SCHEMA silver;
                CREATE TEMPORARY VIEW partners
                AS SELECT id FROM bronze.res_partner;
                CREATE MATERIALIZED VIEW silver.partner
                AS SELECT id FROM partners;
                """);
    }

    @Test
    void filesOfAQueryAreSaidToBeReadOtherwise() {
        String sql = "CREATE STREAMING TABLE silver.bank AS\n"
                + "SELECT * FROM STREAM read_files('/landing/bank/', format => 'csv', schema => 'a INT');\n";
        ExportedProject databricks = export(ExportTarget.DATABRICKS, sql);

        assertThat(file(databricks, "pipelines/a.sql"))
                .contains("STREAM read_files('/landing/bank/', format => 'csv', schema => 'a INT')");
        assertThat(file(databricks, "README.md")).doesNotContain("bank_files");
        assertThat(remarks(databricks))
                .containsExactly(
                        "pipelines/a.sql:2  lost  read_files of bank/** is exported as it is written. Databricks reads all"
                                + " files once more, copies of the same content, too, and only below abfss://landing@ or a volume.");
        assertThat(remarks(export(ExportTarget.SPARK, sql)))
                .containsExactly(
                        "pipelines/a.sql:2  lost  read_files of bank/** is exported as it is written. Spark 4.2 has no such"
                                + " function: land the files with another loader, and read its table.");
    }
}
