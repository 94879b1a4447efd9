package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The sample on a database that Odoo 19 itself wrote. */
@TestInstance(Lifecycle.PER_CLASS)
class RealOdooTest {

    private static final Path DUMP = Path.of("../../shared/samples/odoo/odoo-o19.dump");

    private static final List<String> TABLES = List.of(
            "ir_module_module",
            "ir_model_fields",
            "account_move",
            "account_move_line",
            "account_partial_reconcile",
            "account_account",
            "res_partner",
            "res_company",
            "res_currency",
            "product_product",
            "product_template");

    private Path folder;
    private Books books;

    @BeforeAll
    void restore(@TempDir Path temporary) throws IOException, InterruptedException {
        assumeTrue(Files.exists(DUMP), "there is no dump of Odoo at " + DUMP);
        assumeTrue(pgRestoreIsThere(), "there is no pg_restore on PATH");
        folder = temporary;
        books = Books.open(folder.resolve("books"), 0);
        books.odoo("CREATE DATABASE dump");
        List<String> command = new ArrayList<>(List.of(
                "pg_restore", "-h", "localhost", "-p", "" + books.port(), "-U", "postgres", "-d", "dump", "-O", "-x"));
        TABLES.forEach(table -> command.addAll(List.of("-t", table)));
        command.add(DUMP.toString());
        assertThat(run(command)).isZero();
    }

    @AfterAll
    void close() {
        if (books != null) {
            books.close();
        }
    }

    private static boolean pgRestoreIsThere() throws InterruptedException {
        try {
            return run(List.of("pg_restore", "--version")) == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void revenueAndLedgerAreWhatAnAccountantFinds() {
        Map<String, String> secrets = new HashMap<>(books.secrets());
        secrets.put("TARN_SECRET_DUMP", "postgresql://postgres@localhost:" + books.port() + "/dump");

        TarnRun run = TarnRun.of(folder, secrets, "up", "--once", "--odoo-secret", "dump");

        assertThat(run.err()).doesNotContain("FAILED");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Odoo    dump (19.0), ").contains("Ledger and invoices agree");
        try (LakeReader lake = LakeReader.open(folder.resolve(".lake"))) {
            assertThat(lake.rows("gold.monthly_revenue", "SELECT sum(revenue) FROM t"))
                    .containsExactly("1204264.21");
            assertThat(lake.rows(
                            "gold.control_revenue",
                            "SELECT sum(invoices), sum(ledger_invoices + ledger_manual), sum(ledger_manual) FROM t"))
                    .containsExactly("1204264.21|1209264.27|5000.06");
            for (String control : List.of("balanced_moves", "invoice_totals", "residuals", "closed_periods")) {
                assertThat(lake.rows("gold.control_" + control, "SELECT * FROM t"))
                        .as(control)
                        .isEmpty();
            }
            assertThat(lake.rows("silver.account_partial_reconcile", "SELECT count(*) > 0 FROM t"))
                    .containsExactly("true");
            assertThat(lake.rows("silver.product", "SELECT product FROM t WHERE product LIKE '%{%' OR product IS NULL"))
                    .isEmpty();
        }
    }
}
