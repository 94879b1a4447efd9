package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.TestLake;
import dev.tarn.connect.odoo.OdooCatalogue;
import dev.tarn.model.Column;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a dump of a real Odoo 19, where one lies beside the project and pg_restore is at hand. */
class RealOdooTest {

    private static final String RELATIVE = "shared/samples/odoo/odoo-o19.dump";

    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static TestLake lake;

    @BeforeAll
    static void restore() throws Exception {
        Path dump = findDump();
        assumeTrue(dump != null, "there is no " + RELATIVE + " beside the project");
        assumeTrue(isInstalled("pg_restore"), "there is no pg_restore on this machine");
        server = EmbeddedServer.start(folder);
        server.execute("postgres", "CREATE DATABASE o19");
        Process restore = new ProcessBuilder(
                        "pg_restore",
                        "--no-owner",
                        "--no-privileges",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(server.port()),
                        "-U",
                        "postgres",
                        "-d",
                        "o19",
                        dump.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("restore.log").toFile())
                .start();
        assertThat(restore.waitFor())
                .as(() -> read(folder.resolve("restore.log")))
                .isZero();
        lake = TestLake.open(folder);
        new DatabaseExtract(lake.lake(), source(), server.url("postgres", "o19")).extract();
    }

    @AfterAll
    static void stop() throws IOException {
        if (lake != null) {
            lake.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void everyRowOfEveryTableArrives() throws Exception {
        for (TableSource.Table table : source().tables()) {
            assertThat(lake.query(table.target().toString(), "SELECT count(*), count(DISTINCT id), sum(id) FROM %s"))
                    .as(table.relation().toString())
                    .isEqualTo(server.query(
                            "o19", "SELECT count(*), count(DISTINCT id), sum(id) FROM " + table.relation()));
        }
    }

    @Test
    void amountsAreExact() throws Exception {
        String sums = "SELECT sum(amount_total)::DECIMAL(38,6), sum(amount_untaxed_signed)::DECIMAL(38,6) FROM ";

        assertThat(lake.query("bronze.account_move", sums + "%s"))
                .isEqualTo(server.query("o19", sums + "account_move"));
    }

    @Test
    void revenueIsWhatTheInvoicesSay() {
        assertThat(lake.query(
                        "bronze.account_move",
                        "SELECT sum(amount_untaxed_signed)::DECIMAL(18,2) FROM %s WHERE state = 'posted'"
                                + " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"))
                .containsExactly("1204264.21");
    }

    @Test
    void nothingHadToBeRescued() {
        for (TableSource.Table table : source().tables()) {
            assertThat(lake.query(table.target().toString(), "SELECT count(*) FROM %s WHERE _rescued_data IS NOT NULL"))
                    .as(table.relation().toString())
                    .containsExactly("0");
        }
    }

    @Test
    void theCatalogueKnowsItsColumns() {
        for (TableSource.Table table : source().tables()) {
            TableSchema known =
                    OdooCatalogue.schema(table.relation().toString()).orElseThrow();
            TableSchema real = lake.snapshot(table.target().toString()).schema();
            assertThat(real.columns().stream().map(RealOdooTest::nameAndType))
                    .as(table.relation().toString())
                    .containsAll(known.columns().stream()
                            .map(RealOdooTest::nameAndType)
                            .toList());
        }
    }

    private static String nameAndType(Column column) {
        return column.name() + " " + column.type();
    }

    private static TableSource source() {
        return SmallOdoo.source(Stream.of(
                        "account_move",
                        "account_move_line",
                        "account_account",
                        "account_journal",
                        "account_tax",
                        "account_partial_reconcile",
                        "account_payment",
                        "res_partner",
                        "res_company",
                        "res_currency",
                        "res_currency_rate",
                        "res_country",
                        "product_category",
                        "product_product",
                        "product_template")
                .map(SmallOdoo::table)
                .toArray(TableSource.Table[]::new));
    }

    private static Path findDump() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(RELATIVE))) {
                return at.resolve(RELATIVE);
            }
        }
        return null;
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static String read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return String.join("\n", lines);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
