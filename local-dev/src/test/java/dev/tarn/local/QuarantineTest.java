package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import dev.tarn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Rows that a project keeps aside, through the command line. */
@TestInstance(Lifecycle.PER_CLASS)
class QuarantineTest {

    private static final String FILE = "pipelines/finance/silver_large_entries.sql";

    private Books books;
    private SampleCopy project;

    @BeforeAll
    void runOnce(@TempDir Path folder) throws IOException {
        books = Books.open(folder.resolve("books"), 200);
        project = SampleCopy.in(folder.resolve("project"))
                .add(
                        FILE,
                        """
                        CREATE OR REFRESH STREAMING TABLE silver.large_entries (
                          CONSTRAINT large EXPECT (id > 150) ON VIOLATION QUARANTINE,
                          CONSTRAINT some  EXPECT (id > 75)
                        ) AS SELECT id, state FROM STREAM(bronze.account_move);
                        """);
        assertThat(tarn("up", "--once").exitCode()).isZero();
    }

    @AfterAll
    void close() {
        books.close();
    }

    private TarnRun tarn(String... arguments) {
        return TarnRun.of(project.folder(), books.secrets(), arguments);
    }

    @Test
    void rowsAreListedShownAndBroughtBackOnce() throws IOException {
        assertThat(tarn("quarantine", "list").out())
                .isEqualTo(
                        """
                         table                 breaks  rows
                         silver.large_entries  large   150
                         silver.large_entries  some    75
                        """);
        assertThat(tarn("quarantine", "list", "--format", "json").out())
                .startsWith("{\"table\":\"silver.large_entries\",\"expectation\":\"large\",\"rows\":150}\n");
        assertThat(tarn("quarantine", "show", "silver.large_entries", "--limit", "1")
                        .out())
                .contains("_tarn_broken", "_tarn_update", "large");

        project.change(FILE, "id > 150", "id > 100");
        assertThat(tarn("quarantine", "replay", "silver.large_entries").out())
                .isEqualTo("50 rows came back to silver.large_entries.\n");
        assertThat(tarn("quarantine", "replay", "silver.large_entries").out())
                .isEqualTo("0 rows came back to silver.large_entries.\n");
        assertThat(tarn("table", "read", "silver.large_entries", "--columns", "id", "--format", "json")
                        .out()
                        .lines()
                        .distinct())
                .hasSize(100);
    }

    @Test
    void aTableWithoutQuarantineIsRefused() {
        TarnRun run = tarn("quarantine", "replay", "silver.large_entry");
        assertThat(run.exitCode()).isEqualTo(ErrorCode.TABLE_NOT_FOUND.exitCode());
        assertThat(run.err())
                .endsWith(
                        """
                        TABLE_NOT_FOUND  No rows are kept out of silver.large_entry: it is no table of dropped files, nor one with an expectation ON VIOLATION QUARANTINE.
                            Nearest: silver.large_entries.
                        """);
    }
}
