package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The sample on seeded books, from Odoo to Supabase, through the command line. */
@TestInstance(Lifecycle.PER_CLASS)
class RevenueTest {

    private static final int MOVES = 2_000;

    private Path folder;
    private Books books;
    private TarnRun first;

    @BeforeAll
    void runOnce(@TempDir Path temporary) {
        folder = temporary;
        books = Books.open(folder.resolve("books"), MOVES);
        first = tarn("up", "--once");
    }

    @AfterAll
    void close() {
        books.close();
    }

    private TarnRun tarn(String... arguments) {
        return TarnRun.of(folder, books.secrets(), arguments);
    }

    @Test
    void everythingSettlesAndIsShownStageByStage() {
        assertThat(first.err()).doesNotContain("FAILED").doesNotContain("    at ");
        assertThat(first.exitCode()).isZero();
        assertThat(first.out())
                .startsWith("Odoo    odoo (19.0), 2 companies (PHP, USD), ")
                .contains("Lake    .lake            Supabase  postgresql://localhost:" + books.port() + "/supabase\n")
                .containsSubsequence(
                        " stage      table ",
                        " extract    bronze.account_move ",
                        "2 000     2 000",
                        " cleanse    silver.account_move ",
                        "(warned: ",
                        " aggregate  gold.monthly_revenue ",
                        " publish    supabase reporting.monthly_... ",
                        " ~ 0 - 0 ",
                        "All settled in ",
                        "Ledger and invoices agree (gold.control_revenue).",
                        "Look:  tarn status   tarn runs")
                .doesNotContain("demo", "tarn_reader", "password");
    }

    @Test
    void revenueIsWhatTheIncomeAccountsGotByCompanyAndMonth() {
        try (LakeReader lake = LakeReader.open(folder.resolve(".lake"))) {
            assertThat(lake.rows(
                            "gold.monthly_revenue",
                            "SELECT company_id, month, revenue FROM t ORDER BY company_id, month"))
                    .isNotEmpty()
                    .containsExactlyElementsOf(books.revenueByLedger());
        }
    }

    @Test
    void supabaseShowsGold() {
        String columns = "SELECT company_id, month, currency, invoices, invoiced, refunded, revenue FROM ";
        try (LakeReader lake = LakeReader.open(folder.resolve(".lake"))) {
            assertThat(books.supabase(columns + "reporting.monthly_revenue ORDER BY 1, 2"))
                    .isNotEmpty()
                    .containsExactlyElementsOf(lake.rows("gold.monthly_revenue", columns + "t ORDER BY 1, 2"));
        }
    }

    @Test
    void runningAgainCommitsNothing() throws IOException {
        Map<String, Long> before;
        try (LakeReader lake = LakeReader.open(folder.resolve(".lake"))) {
            before = lake.versions();
        }

        TarnRun again = tarn("up", "--once");

        assertThat(again.err()).isEmpty();
        assertThat(again.exitCode()).isZero();
        assertThat(again.out())
                .contains("Nothing new: every table shows what its inputs hold.", "Ledger and invoices agree")
                .doesNotContain(" stage ");
        try (LakeReader lake = LakeReader.open(folder.resolve(".lake"))) {
            assertThat(lake.versions()).isEqualTo(before).hasSizeGreaterThan(15);
        }
    }

    @Test
    void statusTellsHowEveryTableStands() {
        TarnRun status = tarn("status");

        assertThat(status.err()).isEmpty();
        assertThat(status.exitCode()).isZero();
        assertThat(status.out().lines())
                .anySatisfy(line -> assertThat(line).matches(" table +version +newest +lag +state"))
                .anySatisfy(line -> assertThat(line).matches(" bronze.account_move +\\d+ .* ok"))
                .anySatisfy(line -> assertThat(line).matches(" supabase reporting.monthly_revenue .* ok"))
                .noneSatisfy(line -> assertThat(line).contains("FAILED"));
        assertThat(tarn("status", "--format", "json").out())
                .contains("{\"table\":\"gold.monthly_revenue\",\"version\":", "\"state\":\"ok\"");
    }

    @Test
    void runsTellWhatEveryUpdateDid() {
        TarnRun runs = tarn("runs");
        String update = runs.out()
                .lines()
                .filter(line -> line.contains(" update ") && line.contains("silver.account_move "))
                .findFirst()
                .orElseThrow()
                .strip()
                .split(" ")[0];

        TarnRun shown = tarn("runs", "show", update);

        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .contains(
                        "flow     account_move_current (update)",
                        "expect   known_state of account_move_changes: 2000 passed, 0 failed (fail update)")
                .contains("state    ok");
        assertThat(tarn("runs", "--failed").out().lines()).hasSize(1);
        assertThat(tarn("runs", "show", "nosuch").err())
                .isEqualTo(
                        """
                USAGE  No update of this lake has an id that begins or ends with nosuch.
                    See the ids with tarn runs; --since 30d looks further back.
                """);
    }
}
