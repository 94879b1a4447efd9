package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What an accountant controls, on books that add up and then on books that somebody damaged. */
@TestInstance(Lifecycle.PER_CLASS)
class ControlsTest {

    private static final String OPEN_PERIOD = "state = 'posted' AND date > '2026-01-01' AND company_id = 1";
    private static final String NOW = "write_date = now() AT TIME ZONE 'UTC'";

    private Path folder;
    private Books books;
    private List<String> before;
    private TarnRun afterDamage;

    private String unbalanced;
    private String tooHigh;
    private String paidTwice;
    private String moved;
    private String renamed;
    private String booked;
    private String movedDate;

    @BeforeAll
    void damage(@TempDir Path temporary) {
        folder = temporary;
        books = Books.open(folder.resolve("books"), 600);
        SampleCopy.in(folder.resolve("project"));
        TarnRun first = up();
        assertThat(first.exitCode()).as(first.err()).isZero();
        before = controls();

        unbalanced = one("SELECT min(id) FROM account_move WHERE move_type = 'entry' AND " + OPEN_PERIOD);
        books.odoo("UPDATE account_move_line SET debit = debit + 1, balance = balance + 1, " + NOW
                + " WHERE id = (SELECT min(id) FROM account_move_line WHERE debit > 0 AND move_id = " + unbalanced
                + ")");
        tooHigh = one("SELECT min(id) FROM account_move WHERE move_type = 'out_invoice' AND " + OPEN_PERIOD);
        books.odoo("UPDATE account_move SET amount_total_signed = amount_total_signed + 5, " + NOW + " WHERE id = "
                + tooHigh);
        paidTwice = one("SELECT max(m.id) FROM account_move m JOIN account_move_line l ON l.move_id = m.id"
                + " JOIN account_partial_reconcile r ON r.debit_move_id = l.id WHERE m.date > '2026-01-01'");
        books.odoo("UPDATE account_partial_reconcile SET amount = amount + 3, " + NOW
                + " WHERE debit_move_id IN (SELECT id FROM account_move_line WHERE move_id = " + paidTwice + ")");

        moved = one("SELECT min(id) FROM account_move WHERE move_type = 'entry' AND state = 'posted'"
                + " AND date BETWEEN '2025-01-01' AND '2025-06-30' AND company_id = 2");
        movedDate = one("SELECT date FROM account_move WHERE id = " + moved);
        books.odoo("UPDATE account_move SET date = '2026-07-01', " + NOW + " WHERE id = " + moved);
        renamed = one("SELECT min(id) FROM account_move WHERE move_type = 'entry' AND state = 'posted'"
                + " AND date BETWEEN '2025-01-01' AND '2025-06-30' AND company_id = 1");
        books.odoo("UPDATE account_move SET ref = 'corrected', " + NOW + " WHERE id = " + renamed);
        booked = "1000000";
        books.odoo("CREATE TEMP TABLE late AS SELECT * FROM account_move WHERE id = " + renamed + ";"
                + " UPDATE late SET id = " + booked + ", name = 'MISC/2025/99999', " + NOW + ";"
                + " INSERT INTO account_move SELECT * FROM late");
        afterDamage = up();
    }

    @AfterAll
    void close() {
        books.close();
    }

    private TarnRun up() {
        return TarnRun.of(folder.resolve("project"), books.secrets(), "up", "--once");
    }

    private String one(String sql) {
        List<String> rows = books.odoo(sql);
        assertThat(rows).as(sql).hasSize(1).doesNotContainNull();
        return rows.get(0);
    }

    private List<String> rows(String table, String sql) {
        try (LakeReader lake = LakeReader.open(folder.resolve("project/.lake"))) {
            return lake.rows(table, sql);
        }
    }

    private List<String> controls() {
        String count = "SELECT count(*) FROM t";
        return List.of(
                rows("gold.control_balanced_moves", count).get(0),
                rows("gold.control_invoice_totals", count).get(0),
                rows("gold.control_residuals", count).get(0),
                rows("gold.control_closed_periods", count).get(0));
    }

    @Test
    void booksThatAddUpLeaveEveryControlEmpty() {
        assertThat(before).containsExactly("0", "0", "0", "0");
    }

    @Test
    void damageIsAWarningAndStopsNothing() {
        assertThat(afterDamage.exitCode()).as(afterDamage.err()).isZero();
        assertThat(afterDamage.err()).doesNotContain("FAILED");
        assertThat(afterDamage.out())
                .contains(
                        "(warned: 1 debit_equals_credit)",
                        "(warned: 1 total_is_lines_plus_tax)",
                        "(warned: 1 payments_explain_the_rest)",
                        "(warned: 2 closed_periods_stay)");
    }

    @Test
    void anEntryWhoseDebitIsNotItsCreditIsFound() {
        assertThat(rows("gold.control_balanced_moves", "SELECT move_id, debit - credit FROM t"))
                .containsExactly(unbalanced + "|1.00");
    }

    @Test
    void anInvoiceWhoseTotalIsNotThatOfItsLinesIsFound() {
        assertThat(rows(
                        "gold.control_invoice_totals",
                        "SELECT move_id, total - lines_total, total - lines_payable, untaxed - lines_untaxed FROM t"))
                .containsExactly(tooHigh + "|5.00|5.00|0.00");
    }

    @Test
    void anInvoiceWhoseResidualItsPaymentsDoNotExplainIsFound() {
        assertThat(rows(
                        "gold.control_residuals",
                        "SELECT move_id, residual - lines_residual, lines_residual - unsettled FROM t"))
                .containsExactly(paidTwice + "|0.00|3.00");
    }

    @Test
    void whatChangedInAClosedPeriodIsFoundAndACorrectedReferenceIsNot() {
        assertThat(rows(
                        "gold.control_closed_periods",
                        "SELECT move_id, change, lock_date, date_before, state FROM t ORDER BY move_id"))
                .containsExactly(
                        moved + "|changed|2025-06-30|" + movedDate + "|posted",
                        booked + "|entered|2025-12-31|null|posted")
                .noneMatch(row -> row.startsWith(renamed + "|"));
    }

    @Test
    void theSamplesOwnTestsPass() {
        TarnRun run = TarnRun.of(folder.resolve("project"), books.secrets(), "check", "--tests");

        assertThat(run.out())
                .endsWith(
                        """
                tests/bank_and_budget.yml  passed
                tests/controls.yml  passed
                tests/monthly_revenue.yml  passed
                3 tests passed.
                """);
        assertThat(run.exitCode()).isZero();
    }
}
