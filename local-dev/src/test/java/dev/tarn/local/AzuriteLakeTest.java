package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.local.cli.TarnRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The sample with its tables in blob storage, from a first load on. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AzuriteLakeTest {

    private static final Duration EVENTUALLY = Duration.ofSeconds(30);
    private static final int CHANGES = 3;

    private Path folder;
    private Books books;

    @BeforeAll
    void start(@TempDir Path temporary) {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        folder = temporary;
        books = Books.open(folder.resolve("books"), 300);
    }

    @AfterAll
    void stop() {
        if (books != null) {
            books.close();
        }
    }

    private TarnRun tarn(String... arguments) {
        return TarnRun.of(folder, books.secrets(), arguments);
    }

    private List<String> revenueInSupabase() {
        return books.supabase("SELECT company_id, month, revenue FROM reporting.monthly_revenue ORDER BY 1, 2");
    }

    @Test
    @Order(1)
    void aLakeThatIsNotThereIsNotStarted() {
        TarnRun status = tarn("status", "--storage", "azurite");

        assertThat(status.err())
                .isEqualTo(
                        """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    Make one with tarn up, go into its project, or name its folder with --root.
                """
                                .formatted(folder.resolve(".lake")));
        assertThat(folder.resolve(".lake")).doesNotExist();
    }

    @Test
    @Order(2)
    void theWholeSampleSettles() {
        TarnRun up = tarn("up", "--once", "--storage", "azurite");

        assertThat(up.err()).doesNotContain("FAILED").doesNotContain("    at ");
        assertThat(up.exitCode()).isZero();
        assertThat(up.out())
                .containsPattern("\nLake    http://127\\.0\\.0\\.1:\\d+/tarn \\(Azurite\\)            Supabase ")
                .contains(
                        "Ledger and invoices agree (gold.control_revenue).",
                        "Look:  tarn status --storage azurite   tarn runs --storage azurite");
        assertThat(revenueInSupabase()).isNotEmpty().isEqualTo(books.revenueByLedger());
        assertThat(folder.resolve(".lake/azurite")).isDirectory();
        assertThat(folder.resolve(".lake/silver")).doesNotExist();
    }

    @Test
    @Order(3)
    void itIsThereAgainForTheNextCommand() {
        TarnRun status = tarn("status", "--storage", "azurite");

        assertThat(status.err()).isEmpty();
        assertThat(status.out().lines())
                .anySatisfy(line -> assertThat(line).matches(" gold.monthly_revenue +\\d+ .* ok"))
                .noneSatisfy(line -> assertThat(line).contains("FAILED"));
        assertThat(tarn("status").err())
                .isEqualTo(
                        """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    There is one in its Azurite: add --storage azurite.
                """
                                .formatted(folder.resolve(".lake")));
    }

    @Test
    @Order(4)
    void itStaysUpAndOthersLookAtItMeanwhile() throws Exception {
        try (RunningTarn tarn = RunningTarn.up(folder, books.secrets(), "up", "--port", "0", "--storage", "azurite")) {
            assertThat(tarn.output()).contains("Nothing new: every table shows what its inputs hold.");
            List<Duration> took = new ArrayList<>();
            for (int change = 0; change < CHANGES; change++) {
                books.odoo("UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed + 1000,"
                        + " write_date = now() AT TIME ZONE 'UTC' WHERE id = (" + LiveTest.ONE_INVOICE + ");"
                        + "UPDATE account_move_line SET balance = balance - 1000,"
                        + " write_date = now() AT TIME ZONE 'UTC' WHERE id = (SELECT min(l.id) FROM account_move_line l"
                        + " JOIN account_account a ON a.id = l.account_id WHERE l.move_id = (" + LiveTest.ONE_INVOICE
                        + ") AND a.account_type LIKE 'income%')");
                long began = System.nanoTime();
                tarn.await(EVENTUALLY, () -> revenueInSupabase().equals(books.revenueByLedger()));
                took.add(Duration.ofNanos(System.nanoTime() - began));
            }
            System.out.println("Odoo to Supabase over Azurite: " + took);

            Path connection = folder.resolve(".lake/azurite-connection");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(connection)))
                    .isEqualTo("rw-------");
            assertThat(tarn("runs", "--storage", "azurite").out()).contains(" update ", "gold.monthly_revenue");
            TarnRun second = tarn("up", "--once", "--storage", "azurite");
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .isEqualTo(
                            """
                    LAKE_IN_USE  Another tarn up (process %d) runs on the lake at %s.
                        Stop it, or choose another place with --root.
                    """
                                    .formatted(ProcessHandle.current().pid(), folder.resolve(".lake")));
            assertThat(tarn.output()).doesNotContain("FAILED").doesNotContain("    at ");
        }
    }

    @Test
    @Order(5)
    void anotherKindOfStorageIsRefused() {
        TarnRun up = tarn("up", "--storage", "s3");

        assertThat(up.exitCode()).isEqualTo(2);
        assertThat(up.err())
                .isEqualTo(
                        """
                USAGE  Invalid value for option '--storage': there is folder and azurite, not s3.
                    See tarn up --help.
                """);
    }
}
