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

/** {@code tarn check --tests}. */
class CheckTestsTest {

    private static final String TEST = "tests/monthly_revenue.yml";
    private static final Map<String, String> SECRETS =
            Map.of("TARN_SECRET_ODOO_URL", "not looked at", "TARN_SECRET_SUPABASE_URL", "not looked at");

    @TempDir
    private Path folder;

    private SampleCopy project;

    @BeforeEach
    void copyTheSampleWithOneTest() throws IOException {
        project = SampleCopy.in(folder);
        Files.delete(folder.resolve("tests/controls.yml"));
        Files.delete(folder.resolve("tests/bank_and_budget.yml"));
    }

    private TarnRun check(String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "check";
        all[1] = "--tests";
        System.arraycopy(options, 0, all, 2, options.length);
        return TarnRun.of(folder, SECRETS, all);
    }

    private TarnRun check(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return check();
    }

    @Test
    void theSamplesOwnTestPasses() {
        TarnRun run = check();

        assertThat(run.out())
                .endsWith(
                        """
                tests/monthly_revenue.yml  passed
                1 test passed.
                """);
        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve(".lake")).doesNotExist();
    }

    @Test
    void rowsThatDifferAreShownOnBothSides() throws IOException {
        project.change(TEST, "invoices: 2, invoiced: 100, refunded: 30, revenue: 70", "invoices: 2, revenue: 130");
        project.change(TEST, "has_company: 1", "has_company: 2");
        project.change(TEST, "silver.account_move: 1", "silver.account_move: 0");

        TarnRun run = check();

        assertThat(run.out())
                .endsWith(
                        """
                tests/monthly_revenue.yml  FAILED
                    gold.monthly_revenue lacks  month: 2026-10-01, company_id: 1, currency: PHP, invoices: 2, revenue: 130.00
                    gold.monthly_revenue has    month: 2026-10-01, company_id: 1, currency: PHP, invoices: 2, revenue: 70.00
                    silver.account_move: 1 row broke has_company, expected 2
                    silver.account_move: 1 row left out, expected 0
                1 of 1 test failed.
                """);
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void theOutcomeComesAsJson() throws IOException {
        project.change(TEST, "has_company: 1", "has_company: 2");

        TarnRun run = check("--format", "json");

        assertThat(run.out())
                .endsWith("\"tests\":[{\"test\":\"tests/monthly_revenue.yml\",\"passed\":false,\"differences\":"
                        + "[\"silver.account_move: 1 row broke has_company, expected 2\"]}]}\n");
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void anUpdateThatFailsIsADifference() throws IOException {
        project.change(TEST, "{ id: 1, state: posted", "{ id: 1, state: lost");

        TarnRun run = check();

        assertThat(run.out())
                .contains("EXPECTATION_FAILED  known_state failed for 1 of 7 rows of account_move_changes")
                .endsWith("1 of 1 test failed.\n");
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void noRowsCanBeExpected() throws IOException {
        TarnRun run = check(
                folder.resolve(TEST),
                """
                given: {}
                expect: { gold.monthly_revenue: [], silver.res_partner_history: [] }
                """);

        assertThat(run.out()).endsWith("1 test passed.\n");
    }

    @Test
    void whatIsWrongInATestIsNamedWithItsPlace() throws IOException {
        TarnRun run = check(
                folder.resolve(TEST),
                """
                given:
                  bronze.account_mov:
                    - { id: 1 }
                  bronze.account_move:
                    - { id: 1, move_tipe: entry }
                    - { id: one, date: 2026-02-30, amount_total: 1.5 }
                expect:
                  gold.montly_revenue: []
                  gold.monthly_revenue:
                    - { revenu: 7, revenue: 7.005 }
                failed:
                  silver.account_move: { has_compny: 1, known_state: some }
                  silver.res_currency: { any: 1 }
                """);

        assertThat(run.err())
                .isEqualTo(
                        """
                tests/monthly_revenue.yml:2:3  TABLE_NOT_FOUND  No flow reads bronze.account_mov.
                    Nearest: bronze.account_move, bronze.account_account, bronze.account_move_line.
                tests/monthly_revenue.yml:5:16  COLUMN_NOT_FOUND  move_tipe is not a column of bronze.account_move.
                    Nearest: move_type.
                tests/monthly_revenue.yml:6:13  TYPE_MISMATCH  'one' is no value of id of bronze.account_move, which is INT.
                    Write one, or null.
                tests/monthly_revenue.yml:6:24  TYPE_MISMATCH  '2026-02-30' is no value of date of bronze.account_move, which is DATE.
                    Write one, or null.
                tests/monthly_revenue.yml:8:3  TABLE_NOT_FOUND  No flow makes gold.montly_revenue.
                    Nearest: gold.monthly_revenue, gold.control_revenue.
                tests/monthly_revenue.yml:10:9  COLUMN_NOT_FOUND  revenu is not a column of gold.monthly_revenue.
                    Nearest: revenue.
                tests/monthly_revenue.yml:10:29  TYPE_MISMATCH  '7.005' is no value of revenue of gold.monthly_revenue, which is DECIMAL(28,2).
                    Write one, or null.
                tests/monthly_revenue.yml:12:26  CONFIGURATION_INVALID  has_compny is no expectation on rows of silver.account_move.
                    Nearest: has_company.
                tests/monthly_revenue.yml:12:54  CONFIGURATION_INVALID  'some' is no number of rows.
                    Write 0, 1, 2 ...
                tests/monthly_revenue.yml:13:26  CONFIGURATION_INVALID  any is no expectation on rows of silver.res_currency.
                    It has none.
                10 errors, nothing changed.
                """);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aTestThatExpectsNothingIsRefused() throws IOException {
        TarnRun run = check(folder.resolve(TEST), "given: {}\n");

        assertThat(run.err())
                .isEqualTo(
                        """
                tests/monthly_revenue.yml:1:1  CONFIGURATION_INVALID  tests/monthly_revenue.yml expects nothing, so it cannot fail.
                    Write expect: and below it a table with its rows, [] for none.
                1 error, nothing changed.
                """);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aProjectWithoutTestsIsTold() throws IOException {
        Files.delete(folder.resolve(TEST));

        TarnRun run = check();

        assertThat(run.err())
                .isEqualTo(
                        """
                CONFIGURATION_INVALID  The project has no tests: tests/ has no file that ends in .yml.
                    Write the first one, with given: and expect:, or leave --tests out.
                1 error, nothing changed.
                """);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
