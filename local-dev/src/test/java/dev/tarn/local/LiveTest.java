package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A lake that stays up while Odoo changes. */
@TestInstance(Lifecycle.PER_CLASS)
class LiveTest {

    /** What is promised on a machine that has nothing else to do. */
    private static final Duration PROMPT = Duration.ofSeconds(2);

    /** What a machine may take that runs other tests as well. */
    private static final Duration EVENTUALLY = Duration.ofSeconds(20);

    static final String ONE_INVOICE =
            "SELECT min(id) FROM account_move WHERE move_type = 'out_invoice' AND state = 'posted'";

    /** An invoice and its income line grow by 1000, as Odoo would write it: in one transaction. */
    static final String ONE_INVOICE_RAISED =
            """
            BEGIN;
            UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed + 1000,
                write_date = now() AT TIME ZONE 'UTC' WHERE id = (%1$s);
            UPDATE account_move_line SET balance = balance - 1000, write_date = now() AT TIME ZONE 'UTC'
            WHERE id = (SELECT min(l.id) FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                        WHERE l.move_id = (%1$s) AND a.account_type LIKE 'income%%');
            COMMIT"""
                    .formatted(ONE_INVOICE);

    private Path folder;
    private Books books;
    private RunningTarn tarn;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        books = Books.open(folder.resolve("books"), 500);
        tarn = RunningTarn.up(folder, books.secrets(), "up", "--port", "0");
    }

    @AfterAll
    void stop() {
        tarn.close();
        books.close();
    }

    private List<String> revenueInSupabase() {
        return books.supabase("SELECT company_id, month, revenue FROM reporting.monthly_revenue ORDER BY 1, 2");
    }

    @Test
    void anEditedInvoiceCountsOnce() {
        List<String> before = revenueInSupabase();

        raiseAnInvoice();

        tarn.await(EVENTUALLY, () -> revenueInSupabase().equals(books.revenueByLedger()));
        assertThat(revenueInSupabase()).isNotEqualTo(before).hasSameSizeAs(before);
    }

    @Test
    @Tag("full")
    void aChangeArrivesWithinTwoSeconds() {
        List<Duration> took = new ArrayList<>();
        for (int attempt = 0; attempt < 5; attempt++) {
            raiseAnInvoice();
            long began = System.nanoTime();
            tarn.await(EVENTUALLY, () -> revenueInSupabase().equals(books.revenueByLedger()));
            took.add(Duration.ofNanos(System.nanoTime() - began));
        }
        assertThat(took).anyMatch(time -> time.compareTo(PROMPT) < 0);
    }

    private void raiseAnInvoice() {
        books.odoo(ONE_INVOICE_RAISED);
    }

    @Test
    void aNewInvoiceArrives() {
        int invoices = invoices();

        books.odoo("BEGIN; CREATE TEMP TABLE new_move AS SELECT * FROM account_move WHERE id = (" + ONE_INVOICE + ");"
                + "CREATE TEMP TABLE new_line AS SELECT * FROM account_move_line WHERE move_id = (" + ONE_INVOICE + ");"
                + "UPDATE new_move SET id = (SELECT max(id) + 1 FROM account_move);"
                + "UPDATE new_line SET move_id = (SELECT id FROM new_move),"
                + " id = id + (SELECT max(id) FROM account_move_line);"
                + "INSERT INTO account_move SELECT * FROM new_move; INSERT INTO account_move_line SELECT * FROM new_line;"
                + "COMMIT");

        tarn.await(
                EVENTUALLY,
                () -> invoices() == invoices + 1 && revenueInSupabase().equals(books.revenueByLedger()));
    }

    private int invoices() {
        return Integer.parseInt(books.supabase("SELECT sum(invoices) FROM reporting.monthly_revenue")
                .get(0));
    }

    @Test
    void thePageShowsTheLake() throws IOException, InterruptedException {
        String look = tarn.output()
                .lines()
                .filter(line -> line.startsWith("Look:"))
                .findFirst()
                .orElseThrow();
        URI page = URI.create(look.split(" +")[1]);

        HttpRequest request = HttpRequest.newBuilder(page).build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body())
                .contains("<h1>finance</h1>", "gold.monthly_revenue", "supabase reporting.monthly_revenue")
                .doesNotContain("tarn_reader");
    }

    @Test
    void aSecondUpOnTheSameRootIsRefusedWithTheProcessOfTheFirst() {
        TarnRun second = TarnRun.of(folder, books.secrets(), "up", "--once");

        assertThat(second.err())
                .isEqualTo(
                        """
                LAKE_IN_USE  Another tarn up (process %d) runs on the lake at %s.
                    Stop it, or choose another place with --root.
                """
                                .formatted(ProcessHandle.current().pid(), folder.resolve(".lake")));
        assertThat(second.exitCode()).isEqualTo(1);
    }
}
