package dev.tarn.local;

import static dev.tarn.local.SettledSource.assertRefused;
import static dev.tarn.local.SettledSource.assertSays;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.cli.TarnRun;
import dev.tarn.local.demo.DemoDatabases;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Comparing the sample's lake with a real database that changes. Each test changes a table of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class VerifyCommandTest {

    private SettledSource source;

    @BeforeAll
    void runOnce(@TempDir Path folder) {
        source = SettledSource.in(folder);
    }

    @AfterAll
    void stop() {
        source.close();
    }

    @Test
    void whatSettledIsEqualAndWhatTheProjectLeavesOutIsSaid() throws IOException {
        assertSays(
                source.tarn(source.copy(), "verify odoo --table account_move --table account.move.line"),
                0,
                """
                as of NOW:
                 account_move       200 : 198   silver.account_move   8 sums equal
                     2 rows left out by the project's own SQL and expectations: id 4, 14
                 account_move_line  671 = 671   silver.account_move_line   13 sums equal
                Equal.
                """);
        assertSays(
                source.tarn(source.copy(), "verify odoo --table account_move --sum account.move.amount_total"),
                0,
                """
                as of NOW:
                 account_move  200 : 198   silver.account_move   amount_total equal (26471647.026)
                     2 rows left out by the project's own SQL and expectations: id 4, 14
                Equal.
                """);
    }

    @Test
    void rowsThatTheLakeLostAreNamedAndNotTakenForLeftOut() throws IOException {
        SampleCopy project = source.copy();
        delete(project, "silver.account_move", "id IN (4, 7, 9)");
        String line =
                source.books().odoo("SELECT min(id) FROM account_move_line").get(0);
        delete(project, "silver.account_move_line", "id = " + line);
        delete(project, "bronze.account_move_line", "id = " + line);

        TarnRun run = source.tarn(project, "verify odoo --table account_move --table account_move_line");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out().lines().filter(text -> !text.contains("sum of ")))
                .containsExactly(
                        "as of NOW:",
                        " account_move       200 : 196   silver.account_move",
                        "     2 rows missing in silver.account_move: id 7, 9; bronze has them, and silver.account_move should",
                        "     2 rows left out by the project's own SQL and expectations: id 4, 14",
                        " account_move_line  671 : 670   silver.account_move_line   2 sums equal",
                        "     1 row missing in silver.account_move_line: id " + line,
                        "2 of 2 tables differ.");
    }

    private static void delete(SampleCopy project, String table, String condition) {
        try (Lake lake = OpenLake.existing(new LocalStorage(project.folder().resolve(".lake")), Clock.systemUTC())
                .orElseThrow()) {
            DeltaTable delta = lake.table(TableName.parse(table));
            try (Session session = lake.duckDb().session()) {
                TableSnapshot base = delta.snapshot().orElseThrow();
                delta.commit(
                        delta.delete(session, base, RowFilter.matching(condition)),
                        CommitRequest.ofWork(lake.newUpdateId(), "DELETE", Map.of()));
            }
        }
    }

    @Test
    void rowsToComeDoNotDifferAndSilverMayBeBehindBronze() throws IOException {
        SampleCopy project = source.copy();
        source.books().odoo("UPDATE res_company SET currency_id = currency_id + 1 WHERE id = 1");
        source.books()
                .odoo(
                        "INSERT INTO res_company SELECT (jsonb_populate_record(NULL::res_company, to_jsonb(c) || '{\"id\": 77}')).*"
                                + " FROM res_company c WHERE id = 2");

        assertSays(
                source.tarn(project, "verify odoo --table res_company"),
                0,
                """
                as of NOW:
                 res_company  3 : 2   silver.res_company   2 sums equal
                     2 rows will come with the next look: id 1, 77
                Equal.
                """);
        assertSays(
                source.tarn(project, "odoo reconcile --table res_company"),
                0,
                """
                 table               rows landed  version
                 bronze.res_company  2            2
                """);
        String equal =
                """
                as of NOW:
                 res_company  3 = 3   silver.res_company   2 sums equal
                Equal.
                """;
        assertSays(source.tarn(project, "verify odoo --table res_company"), 0, equal);
        assertThat(source.tarn(project, "update silver.res_company").exitCode()).isZero();
        assertSays(source.tarn(project, "verify odoo --table res_company"), 0, equal);
        source.books().odoo("DELETE FROM res_company WHERE id = 77");
        assertThat(source.tarn(project, "odoo reconcile --table res_company").exitCode())
                .isZero();
        assertSays(
                source.tarn(project, "verify odoo --table res_company"),
                0,
                """
                as of NOW:
                 res_company  2 = 2   silver.res_company   2 sums equal
                Equal.
                """);
    }

    @Test
    void deletesAreFoundByReconcilingAndHeldWhenThereAreMany() throws IOException {
        SampleCopy project = source.copy();
        source.books().odoo("DELETE FROM product_template WHERE id <= 25");

        assertSays(
                source.tarn(project, "verify odoo --table product_template --sum product_template.categ_id"),
                3,
                """
                as of NOW:
                 product_template  15 : 40   bronze.product_template
                     25 rows gone from odoo: id 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...; tarn odoo reconcile --source odoo --table product_template finds deletes now
                     sum of categ_id: 34 : 90
                1 of 1 table differs.
                """);
        assertRefused(
                source.tarn(project, "odoo reconcile --table product_template"),
                1,
                """
                sources/odoo.yml:17:12  DELETES_HELD  25 of 40 rows of product_template are gone from the source, which is more than stop_above lets pass; bronze.product_template keeps them.
                    If it is meant: tarn odoo reconcile --table product_template --accept-deletes 25; if not, look at what happened to product_template.""");
        TarnRun json = source.tarn(
                project, "verify odoo --table product_template --sum product_template.categ_id --format json");
        assertThat(json.exitCode()).isEqualTo(3);
        assertThat(json.out())
                .contains(
                        "\"equal\":false,\"tables\":[{\"table\":\"product_template\",\"differs\":true,\"lake\":\"bronze.product_template\",\"loaded\":true,\"sourceRows\":15,\"lakeRows\":40,\"key\":[\"id\"]",
                        "\"gone\":{\"rows\":25,\"first\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\"]}",
                        "\"sums\":[{\"column\":\"categ_id\",\"equal\":false,\"source\":\"34\",\"lake\":\"90\"}]");
        assertSays(
                source.tarn(project, "odoo reconcile --table product.template --accept-deletes 25"),
                0,
                """
                 table                    rows landed  version
                 bronze.product_template  25           2
                """);
        assertThat(source.tarn(project, "verify odoo --table product_template").exitCode())
                .isZero();
    }

    @Test
    void theDemoOdooOfARunningTarnIsFoundWithoutASecret() throws IOException {
        assertThat(DemoDatabases.runningOdooUrl(source.folder().resolve("books")))
                .hasValue(source.books().odooUrl());
        assertThat(DemoDatabases.runningOdooUrl(source.folder())).isEmpty();
        SampleCopy project = source.copy();
        Files.createDirectories(project.folder().resolve(".lake/demo/postgres"));
        Files.copy(
                source.folder().resolve("books/postgres/postmaster.pid"),
                project.folder().resolve(".lake/demo/postgres/postmaster.pid"));

        assertThat(source.tarn(project, Map.of(), "verify odoo --table account_move")
                        .exitCode())
                .isZero();
    }
}
