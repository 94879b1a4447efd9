package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.SampleCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

    private static final String BUNDLE =
            """
            bundle:
              name: "finance"

            variables:
              catalog:
                description: Unity Catalog's catalog with the schemas bronze, silver and gold
                default: main

            resources:
              pipelines:
                finance:
                  name: "finance"
                  catalog: ${var.catalog}
                  schema: silver
                  serverless: true
                  libraries:
                    - glob:
                        include: "pipelines/**"
                  configuration:
                    spark.sql.session.timeZone: "Asia/Manila"
              jobs:
                update:
                  name: "finance update"
                  tasks:
                    - task_key: update
                      pipeline_task:
                        pipeline_id: ${resources.pipelines.finance.id}

            targets:
              dev:
                mode: development
                default: true
              prod:
                mode: production
            """;

    @TempDir
    private Path folder;

    private TarnRun export(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "export";
        all[1] = "--project";
        all[2] = "project";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return TarnRun.of(folder, Map.of(), all);
    }

    @Test
    void theSampleBecomesABundleWithItsOwnSql() throws IOException {
        SampleCopy project = SampleCopy.in(folder.resolve("project"));

        TarnRun run = export("--target", "databricks", "out");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                sinks/supabase.yml:1  lost  The sink is not exported. Tarn or another tool goes on publishing from the gold tables.
                sources/files.yml:1  lost  The source is not exported. Tarn or another loader goes on filling the bronze tables.
                sources/odoo.yml:1  lost  The source is not exported. Tarn or another loader goes on filling the bronze tables.
                %s: 24 files for databricks. Read README.md and REPORT.md there first.
                """
                                .formatted(folder.resolve("out")));
        String file = "pipelines/finance/silver_account_move.sql";
        assertThat(folder.resolve("out").resolve(file))
                .hasSameTextualContentAs(project.folder().resolve(file));
        assertThat(folder.resolve("out/databricks.yml")).content().isEqualTo(BUNDLE);
        assertThat(folder.resolve("out/README.md"))
                .content()
                .contains(
                        "CREATE TABLE IF NOT EXISTS bronze.account_move USING DELTA LOCATION '<lake>/bronze/account_move';");
    }

    @Test
    void everyLossForSparkIsNamedWithItsPlaceAndReason() {
        SampleCopy.in(folder.resolve("project"));

        TarnRun run = export("--target", "spark", "out");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .hasSize(34)
                .contains(
                        "pipelines/finance/silver_account_move.sql:8  lost  The expectation positive_amount of"
                                + " account_move_changes is left out: rows that break it are kept, as before. Spark 4.2"
                                + " has no expectations and counts nothing.",
                        "pipelines/finance/silver_account_move.sql:7  rewritten  The expectation has_company of"
                                + " account_move_changes became a condition: rows are left out, not counted. Spark 4.2"
                                + " has no expectations and counts nothing.",
                        "pipelines/finance/silver_account_move.sql:6  rewritten  The expectation known_state of"
                                + " account_move_changes became raise_error in the query: the first row ends the update."
                                + " Spark 4.2 has no expectations and counts nothing.");
        assertThat(folder.resolve("out/REPORT.md"))
                .content()
                .contains("| pipelines/finance/silver_account_move.sql:8 | lost | The expectation positive_amount");
        assertThat(folder.resolve("out/spark-pipeline.yml"))
                .content()
                .isEqualTo(
                        """
                name: finance
                storage: file:///srv/tarn-spark
                catalog: spark_catalog
                database: silver
                libraries:
                  - glob:
                      include: transformations/**
                configuration:
                  spark.sql.session.timeZone: Asia/Manila
                """);
    }

    @Test
    void differencesComeAsJson() {
        SampleCopy.in(folder.resolve("project"));

        TarnRun run = export("--target", "databricks", "--format", "json", "out");

        assertThat(run.out())
                .startsWith("{\"target\":\"databricks\",\"folder\":\"" + folder.resolve("out")
                        + "\",\"files\":[\"databricks.yml\",")
                .endsWith("{\"file\":\"sources/odoo.yml\",\"line\":1,\"kind\":\"lost\",\"what\":\"The source is not"
                        + " exported.\",\"why\":\"Tarn or another loader goes on filling the bronze tables.\"}]}\n");
    }

    @Test
    void aFolderWithFilesIsLeftAlone() throws IOException {
        SampleCopy.in(folder.resolve("project"));
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/mine.txt"), "mine");

        TarnRun run = export("--target", "spark", "out");

        assertThat(run.err())
                .isEqualTo(
                        """
                CONFIGURATION_INVALID  %s is not empty.
                    Name a folder that does not exist yet, or empty this one.
                """
                                .formatted(folder.resolve("out")));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(folder.resolve("out")).isDirectoryNotContaining(file -> !file.endsWith("mine.txt"));
    }

    @Test
    void anUnknownTargetIsRefusedWithTheNearest() {
        SampleCopy.in(folder.resolve("project"));

        TarnRun run = export("--target", "databrick", "out");

        assertThat(run.err())
                .isEqualTo(
                        """
                USAGE  Projects cannot be exported for 'databrick'.
                    Nearest: databricks.
                """);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aTargetIsDemanded() {
        SampleCopy.in(folder.resolve("project"));

        TarnRun run = export("out");

        assertThat(run.err())
                .isEqualTo(
                        """
                USAGE  Nothing says for whom the project is exported.
                    Write --target databricks or --target spark.
                """);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aProjectThatDoesNotCompileIsNotExported() throws IOException {
        SampleCopy.in(folder.resolve("project"))
                .change(
                        "pipelines/finance/silver_res_company.sql",
                        "STREAM(bronze.res_company)",
                        "STREAM(bronze.res_conpany)");

        TarnRun run = export("--target", "spark", "out");

        assertThat(run.err())
                .isEqualTo(
                        """
                pipelines/finance/silver_res_company.sql:3:13  TABLE_NOT_FOUND  No flow and no source makes bronze.res_conpany.
                    Nearest: bronze.res_company, bronze.res_currency.
                """);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
