package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.SampleCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeSettings() throws IOException {
        write(
                "spark-pipeline.yml",
                """
                name: finance
                storage: file:///srv/tarn-spark
                libraries:
                  - glob:
                      include: pipelines/**
                """);
        write(
                "tarn.yml",
                """
                version: 1
                timezone: Asia/Manila
                targets:
                  local: { lake: ./.lake, default: true }
                """);
        write(
                "sources/odoo.yml",
                """
                source: odoo
                type: odoo
                connection:
                  database: ${secret:odoo-url}
                  version: 19
                schedule: { every: 5m }
                tables:
                  - model: account.move
                  - model: res.company
                """);
    }

    @BeforeEach
    void writePipelines() throws IOException {
        write(
                "sinks/supabase.yml",
                """
                sink: supabase
                type: postgres
                connection: ${secret:supabase-url}
                tables:
                  - from: gold.revenue
                    to: reporting.revenue
                    key: [company]
                    mode: mirror
                    scope: all
                """);
        write(
                "pipelines/silver.sql",
                """
                CREATE OR REFRESH STREAMING TABLE silver.move
                AS SELECT id, company_id, date AS move_date, CAST(amount_untaxed_signed AS DECIMAL(18,2)) AS untaxed
                FROM STREAM(bronze.account_move);
                CREATE OR REFRESH MATERIALIZED VIEW silver.company
                AS SELECT id, name FROM bronze.res_company;
                """);
        write(
                "pipelines/gold.sql",
                """
                CREATE OR REFRESH MATERIALIZED VIEW gold.revenue
                AS SELECT c.name AS company, sum(m.untaxed) AS revenue, count(*) AS moves
                FROM silver.move m LEFT JOIN silver.company c ON c.id = m.company_id GROUP BY 1;
                CREATE OR REFRESH MATERIALIZED VIEW gold.latest
                AS SELECT company_id, max(move_date) AS latest FROM silver.move GROUP BY company_id;
                """);
    }

    private Path project() {
        return folder.resolve("project");
    }

    private void write(String file, String content) throws IOException {
        Path path = project().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private TarnRun graph(String... arguments) {
        return TarnRun.of(project(), Map.of(), arguments);
    }

    @Test
    void theProjectIsShownFromItsSourcesToItsSinks() {
        TarnRun run = graph("graph");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        """
                        bronze.account_move  (odoo account_move)
                        └─ stream silver.move  (streaming table)
                           ├─ gold.revenue  (materialized view)
                           │  └─ supabase reporting.revenue  (mirror)
                           └─ gold.latest  (materialized view)
                        bronze.res_company  (odoo res_company)
                        └─ silver.company  (materialized view)
                           └─ gold.revenue ...
                        """);
        assertThat(project().resolve(".lake")).doesNotExist();
    }

    @Test
    void aTableIsShownWithWhatItReadsAndWhatReadsIt() {
        assertThat(graph("graph", "gold.revenue").out())
                .isEqualTo(
                        """
                        gold.revenue  (materialized view)
                        reads
                        ├─ silver.move  (streaming table)
                        │  └─ stream bronze.account_move  (odoo account_move)
                        └─ silver.company  (materialized view)
                           └─ bronze.res_company  (odoo res_company)
                        is read by
                        └─ supabase reporting.revenue  (mirror)
                        """);
    }

    @Test
    void eitherSideCanBeAskedForAlone() {
        assertThat(graph("graph", "gold.latest", "--down").out())
                .isEqualTo("gold.latest  (materialized view)\nis read by nothing\n");
        assertThat(graph("graph", "bronze.res_company", "--up").out())
                .isEqualTo("bronze.res_company  (odoo res_company)\nreads no table\n");
        assertThat(graph("graph", "silver.move", "--up", "--down").out())
                .isEqualTo(graph("graph", "silver.move").out());
    }

    @Test
    void aColumnIsShownWithTheColumnsItIsMadeOf() {
        assertThat(graph("graph", "gold.revenue.revenue").out())
                .isEqualTo(
                        """
                        gold.revenue.revenue  (DECIMAL(28,2))
                        is made of
                        └─ silver.move.untaxed  (DECIMAL(18,2))
                           └─ bronze.account_move.amount_untaxed_signed
                        goes into
                        └─ supabase reporting.revenue.revenue
                        """);
        assertThat(graph("graph", "gold.revenue.moves", "--up").out())
                .isEqualTo("gold.revenue.moves  (BIGINT)\nis made of no column\n");
        assertThat(graph("graph", "bronze.account_move.company_id", "--down").out())
                .isEqualTo(
                        """
                        bronze.account_move.company_id
                        goes into
                        └─ silver.move.company_id  (INT)
                           └─ gold.latest.company_id  (INT)
                        """);
    }

    @Test
    void mermaidDrawsAFlowchart() {
        assertThat(graph("graph", "silver.move", "--up", "--format", "mermaid").out())
                .isEqualTo(
                        """
                        flowchart LR
                          subgraph group_bronze["bronze"]
                            bronze_account_move["bronze.account_move<br/>odoo account_move"]
                          end
                          subgraph group_silver["silver"]
                            silver_move["silver.move<br/>streaming table"]
                          end
                          bronze_account_move -.-> silver_move
                        """);
    }

    @Test
    void programsGetOneDocument() {
        assertThat(graph("graph", "silver.move.untaxed", "--up", "--format", "json")
                        .out())
                .isEqualTo(
                        "{\"project\":\"finance\",\"nodes\":[{\"name\":\"bronze.account_move.amount_untaxed_signed\","
                                + "\"group\":\"bronze.account_move\",\"kind\":\"\"},{\"name\":\"silver.move.untaxed\","
                                + "\"group\":\"silver.move\",\"kind\":\"DECIMAL(18,2)\"}],\"edges\":[{\"from\":"
                                + "\"bronze.account_move.amount_untaxed_signed\",\"to\":\"silver.move.untaxed\",\"flow\":"
                                + "\"silver.move\",\"stream\":false}]}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            gold.revnue          | TABLE_NOT_FOUND  The project has no table gold.revnue. | Nearest: gold.revenue.
            silver.nothing_like_it.id | TABLE_NOT_FOUND  The project has no table silver.nothing_like_it. | See its tables with tarn graph.
            revenue              | TABLE_NOT_FOUND  The project has no table revenue. | See its tables with tarn graph.
            gold.revenue.revnue  | COLUMN_NOT_FOUND  revnue is not a column of gold.revenue. | Nearest: revenue.
            gold.revenue.nothing | COLUMN_NOT_FOUND  nothing is not a column of gold.revenue. | There are company, revenue, moves.
            bronze.res_company.zip_code | COLUMN_NOT_FOUND  No flow reads a column zip_code of bronze.res_company. | There are id, name.
            --up                 | USAGE  --up is about one table or column, and none is named. | Name it: tarn graph gold.monthly_revenue --up.
            --format=jsonl       | USAGE  Invalid value for option '--format': there is text, mermaid and json, not jsonl. | See tarn graph --help.
            """)
    void whatIsNotThereIsRefusedWithTheNearest(String argument, String what, String mend) {
        TarnRun run = graph("graph", argument);

        assertThat(run.err()).isEqualTo(what + "\n    " + mend + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aProjectWithErrorsIsRefusedWithThem() throws IOException {
        write("pipelines/gold.sql", "CREATE OR REFRESH MATERIALIZED VIEW gold.latest AS SELECT id FROM silver.mov;");

        TarnRun run = graph("graph", "--format", "json");

        assertThat(run.out())
                .startsWith("{\"problems\":[{\"code\":\"TABLE_NOT_FOUND\",\"file\":\"pipelines/gold.sql\",\"line\":1,"
                        + "\"column\":67,\"what\":\"No flow and no source makes silver.mov.\"");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void withoutAProjectItIsTheSampleOfTheLake() {
        assertThat(TarnRun.of(folder, Map.of(), "graph").err())
                .isEqualTo("PROJECT_NOT_FOUND  There is no spark-pipeline.yml in " + folder
                        + " nor in a folder above it.\n"
                        + "    Go into a project, name one with --project DIR, or make one with tarn init DIR.\n");
        SampleCopy.in(folder.resolve(".lake/project"));

        assertThat(TarnRun.of(folder, Map.of(), "graph", "gold.monthly_revenue.revenue", "--up")
                        .out())
                .contains("bronze.account_move.amount_untaxed_signed");
    }
}
