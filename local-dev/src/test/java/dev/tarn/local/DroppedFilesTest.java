package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.files.TestWorkbook;
import dev.tarn.local.cli.TarnRun;
import dev.tarn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project whose only source are files, through the command line. */
class DroppedFilesTest {

    @TempDir
    Path folder;

    @BeforeEach
    void project() throws IOException {
        write(
                "spark-pipeline.yml",
                """
                name: bank
                storage: file:///tmp/spark
                database: silver
                libraries:
                  - glob: { include: pipelines/** }
                """);
        write("tarn.yml", "version: 1\ntimezone: Asia/Manila\ntargets:\n  local: { lake: ./.lake, default: true }\n");
        write(
                "sources/files.yml",
                """
                source: files
                type: files
                drops:
                  - name: statement
                    path: statement/**
                    format: csv
                    options: { sep: ";", encoding: windows-1252 }
                    columns: { booked_at: TIMESTAMP, amount: "DECIMAL(18,2)", note: STRING }
                  - name: rates
                    path: rates/*
                    format: excel
                    options: { sheet: Rates, skip: 1 }
                    columns: { day: DATE, rate: "DECIMAL(18,6)", note: STRING }
                  - { name: budget, path: budget/*.csv, format: csv, keep: latest, columns: { month: DATE, revenue: INT } }
                """);
        write(
                "pipelines/silver.sql",
                """
                CREATE STREAMING TABLE silver.statement AS
                SELECT booked_at, amount, note, _file FROM STREAM(bronze.statement) WHERE _op = 'upsert';

                CREATE MATERIALIZED VIEW gold.spent AS
                SELECT sum(amount) AS spent, count(*) AS entries FROM silver.statement;

                CREATE MATERIALIZED VIEW gold.budget AS SELECT sum(revenue) AS revenue FROM bronze.budget;
                """);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void drop(String file, String text) throws IOException {
        drop(file, text.getBytes("windows-1252"));
    }

    private void drop(String file, byte[] content) throws IOException {
        Path path = folder.resolve(".lake/landing").resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Test
    void workbooksGoThroughTheProject() throws IOException {
        drop(
                "rates/a.xlsx",
                new TestWorkbook(TestWorkbook.rows("notes"))
                        .sheet(
                                "Rates",
                                TestWorkbook.rows("Rates of January", "Day|Rate")
                                        + "<row r=\"3\"><c r=\"A3\" s=\"1\"><v>45322</v></c>"
                                        + "<c r=\"B3\"><v>56.280999999999999</v></c></row>"
                                        + "<row r=\"4\"><c r=\"A4\" s=\"1\"><v>45323</v></c>"
                                        + "<c r=\"B4\" t=\"e\"><v>#N/A</v></c></row>")
                        .formats("0", "14")
                        .bytes());
        drop("rates/b.xlsx", new TestWorkbook("").bytes());

        TarnRun run = tarn("up", "--once");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("landing/rates/b.xlsx cannot be read: it has no sheet 'Rates'; it has 'Budget';"
                        + " see tarn quarantine show bronze.rates.");
        assertThat(rows("bronze.rates"))
                .contains(
                        "\"day\":\"2024-01-31\",\"rate\":56.281000,\"note\":null",
                        "\"day\":\"2024-02-01\",\"rate\":null,\"note\":null",
                        "Rates!B4",
                        "#N/A")
                .hasLineCount(2);
    }

    private TarnRun tarn(String... arguments) {
        return TarnRun.of(folder, Map.of(), arguments);
    }

    private String rows(String table) {
        return tarn("table", "read", table, "--format", "json").out();
    }

    @Test
    void filesGoThroughTheProject() throws IOException {
        assertThat(tarn("check").out()).contains("3 flows, 1 source, 0 sinks. No errors.");
        assertThat(tarn("graph").out()).contains("bronze.statement  (files statement/**)\n");
        assertThat(tarn("up", "--once").exitCode()).isZero();
        assertThat(rows("gold.spent")).isEqualTo("{\"spent\":null,\"entries\":0}\n");

        drop("statement/jan.csv", "booked_at;amount;note\n2024-01-31 23:00:00;-10.50;café\n2024-01-31;5\n");
        drop("statement/jan copy.csv", "booked_at;amount;note\n2024-01-31 23:00:00;-10.50;café\n2024-01-31;5\n");
        drop("budget/a.csv", "month,revenue\n2024-01-01,100\n");
        TarnRun run = tarn("up", "--once");
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "1 record of landing/statement/jan",
                        "cannot be read; see tarn quarantine show bronze.statement.");

        assertThat(rows("silver.statement"))
                .contains("\"booked_at\":\"2024-01-31T15:00:00", "\"amount\":-10.50,\"note\":\"café\"")
                .hasLineCount(1);
        assertThat(rows("gold.spent")).isEqualTo("{\"spent\":-10.50,\"entries\":1}\n");
        assertThat(rows("gold.budget")).isEqualTo("{\"revenue\":100}\n");
        assertThat(tarn("status").out()).contains("bronze.statement", "bronze.budget");

        drop("budget/b.csv", "month,revenue\n2024-01-01,70\n");
        assertThat(tarn("up", "--once").exitCode()).isZero();
        assertThat(rows("gold.budget")).isEqualTo("{\"revenue\":70}\n");
        assertThat(rows("gold.spent")).isEqualTo("{\"spent\":-10.50,\"entries\":1}\n");

        assertThat(tarn("quarantine", "list").out())
                .isEqualTo(
                        """
                         table             breaks           rows
                         bronze.statement  missing_columns  1
                        """);
        assertThat(tarn("quarantine", "show", "bronze.statement").out())
                .contains("it has fewer values", "2024-01-31;5");
        TarnRun replay = tarn("quarantine", "replay", "bronze.statement");
        assertThat(replay.exitCode()).isEqualTo(ErrorCode.REPLAY_REFUSED.exitCode());
        assertThat(replay.err())
                .isEqualTo(
                        """
                        REPLAY_REFUSED  What is kept out of bronze.statement are records of files, as they stand there.
                            Correct them, and drop a file with them alone: the others are in the table.
                        """);
    }

    @Test
    void aQueryReadsFilesByItself() throws IOException {
        write(
                "pipelines/files.sql",
                """
                CREATE STREAMING TABLE bronze.payment AS
                SELECT *, _metadata.file_name AS file
                FROM STREAM read_files('/landing/payment/', format => 'csv', header => true, sep => ';',
                    schema => 'id INT, amount DECIMAL(18,2)', rescuedDataColumn => '_rescued_data');
                """);
        assertThat(tarn("graph").out()).contains("bronze.payment_files  (read_files payment/**)\n");
        drop("payment/a.csv", "id;amount\n1;10.50\n2;much\n");
        drop("payment/b/c.csv", "amount;id\n7.00;3\n");

        TarnRun run = tarn("up", "--once");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(rows("bronze.payment").lines())
                .containsExactlyInAnyOrder(
                        "{\"id\":1,\"amount\":10.50,\"_rescued_data\":null,\"file\":\"a.csv\"}",
                        "{\"id\":2,\"amount\":null,\"_rescued_data\":\"{\\\"amount\\\":\\\"much\\\"}\",\"file\":\"a.csv\"}",
                        "{\"id\":3,\"amount\":7.00,\"_rescued_data\":null,\"file\":\"c.csv\"}");

        drop("payment/d.csv", "id;amount\n4;1.00\n");
        drop("payment/copy of a.csv", "id;amount\n1;10.50\n2;much\n");
        assertThat(tarn("up", "--once").exitCode()).isZero();
        assertThat(rows("bronze.payment")).hasLineCount(4);
    }
}
