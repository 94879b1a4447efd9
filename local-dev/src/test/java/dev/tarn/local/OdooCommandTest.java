package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.cli.TarnRun;
import dev.tarn.local.demo.DemoDatabases;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Commands about a source, on the sample's lake and a real database. Each test changes a table of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class OdooCommandTest {

    private static final String AS_OF = "(?m)^as of \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d, snapshot \\d+:\\d+:$";

    private Path folder;
    private Path settled;
    private Books books;
    private int copies;

    @BeforeAll
    void runOnce(@TempDir Path folder) {
        this.folder = folder;
        settled = SampleCopy.in(folder.resolve("settled")).folder();
        books = Books.open(folder.resolve("books"), 200);
        TarnRun run = TarnRun.of(settled, books.secrets(), "up", "--once");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @AfterAll
    void stop() {
        books.close();
    }

    private SampleCopy copy() throws IOException {
        Path copy = folder.resolve("copy" + ++copies);
        try (Stream<Path> all = Files.walk(settled)) {
            for (Path from : all.toList()) {
                Files.copy(from, copy.resolve(settled.relativize(from).toString()));
            }
        }
        return SampleCopy.at(copy);
    }

    private TarnRun tarn(SampleCopy project, String line) {
        return tarn(project, books.secrets(), line);
    }

    private static TarnRun tarn(SampleCopy project, Map<String, String> secrets, String line) {
        TarnRun run = TarnRun.of(project.folder(), secrets, line.split(" "));
        // A machine that is busy takes more than a second, and that is said.
        return new TarnRun(
                run.exitCode(),
                run.out().replaceAll(AS_OF, "as of NOW:"),
                run.err().replaceAll("(?m)^ \\.\\.\\. .*\n", ""));
    }

    private static void assertSays(TarnRun run, int exitCode, String out) {
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(out);
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    private static void assertRefused(TarnRun run, int exitCode, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void whatSettledIsEqualAndWhatTheProjectLeavesOutIsSaid() throws IOException {
        assertSays(
                tarn(copy(), "verify odoo --table account_move --table account.move.line"),
                0,
                """
                as of NOW:
                 account_move       200 : 198   silver.account_move   8 sums equal
                     2 rows left out by the project's own SQL and expectations: id 4, 14
                 account_move_line  671 = 671   silver.account_move_line   12 sums equal
                Equal.
                """);
        assertSays(
                tarn(copy(), "verify odoo --table account_move --sum account.move.amount_total"),
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
        SampleCopy project = copy();
        delete(project, "silver.account_move", "id IN (4, 7, 9)");
        String line = books.odoo("SELECT min(id) FROM account_move_line").get(0);
        delete(project, "silver.account_move_line", "id = " + line);
        delete(project, "bronze.account_move_line", "id = " + line);

        TarnRun run = tarn(project, "verify odoo --table account_move --table account_move_line");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out().lines().filter(text -> !text.contains("sum of ")))
                .containsExactly(
                        "as of NOW:",
                        " account_move       200 : 196   silver.account_move",
                        "     2 rows missing in silver.account_move: id 7, 9; bronze has them, and silver.account_move should",
                        "     2 rows left out by the project's own SQL and expectations: id 4, 14",
                        " account_move_line  671 : 670   silver.account_move_line   1 sum equal",
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
        SampleCopy project = copy();
        books.odoo("UPDATE res_company SET currency_id = currency_id + 1 WHERE id = 1");
        books.odoo(
                "INSERT INTO res_company SELECT (jsonb_populate_record(NULL::res_company, to_jsonb(c) || '{\"id\": 77}')).*"
                        + " FROM res_company c WHERE id = 2");

        assertSays(
                tarn(project, "verify odoo --table res_company"),
                0,
                """
                as of NOW:
                 res_company  3 : 2   silver.res_company   2 sums equal
                     2 rows will come with the next look: id 1, 77
                Equal.
                """);
        assertSays(
                tarn(project, "odoo reconcile --table res_company"),
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
        assertSays(tarn(project, "verify odoo --table res_company"), 0, equal);
        assertThat(tarn(project, "update silver.res_company").exitCode()).isZero();
        assertSays(tarn(project, "verify odoo --table res_company"), 0, equal);
    }

    @Test
    void deletesAreFoundByReconcilingAndHeldWhenThereAreMany() throws IOException {
        SampleCopy project = copy();
        books.odoo("DELETE FROM product_template WHERE id <= 25");

        assertSays(
                tarn(project, "verify odoo --table product_template --sum product_template.categ_id"),
                3,
                """
                as of NOW:
                 product_template  15 : 40   bronze.product_template
                     25 rows gone from odoo: id 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...; tarn odoo reconcile --source odoo --table product_template finds deletes now
                     sum of categ_id: 34 : 90
                1 of 1 table differs.
                """);
        assertRefused(
                tarn(project, "odoo reconcile --table product_template"),
                1,
                """
                sources/odoo.yml:16:12  DELETES_HELD  25 of 40 rows of product_template are gone from the source, which is more than stop_above lets pass; bronze.product_template keeps them.
                    If it is meant: tarn odoo reconcile --table product_template --accept-deletes 25; if not, look at what happened to product_template.""");
        TarnRun json =
                tarn(project, "verify odoo --table product_template --sum product_template.categ_id --format json");
        assertThat(json.exitCode()).isEqualTo(3);
        assertThat(json.out())
                .contains(
                        "\"equal\":false,\"tables\":[{\"table\":\"product_template\",\"differs\":true,\"lake\":\"bronze.product_template\",\"loaded\":true,\"sourceRows\":15,\"lakeRows\":40,\"key\":[\"id\"]",
                        "\"gone\":{\"rows\":25,\"first\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\"]}",
                        "\"sums\":[{\"column\":\"categ_id\",\"equal\":false,\"source\":\"34\",\"lake\":\"90\"}]");
        assertSays(
                tarn(project, "odoo reconcile --table product.template --accept-deletes 25"),
                0,
                """
                 table                    rows landed  version
                 bronze.product_template  25           2
                """);
        assertThat(tarn(project, "verify odoo --table product_template").exitCode())
                .isZero();
    }

    @Test
    void whatOneTableHoldsBackDoesNotHideWhatOthersGot() throws IOException {
        SampleCopy project = copy();
        books.odoo("DELETE FROM product_product WHERE id <= 30");
        books.odoo("UPDATE res_currency SET active = NOT active WHERE id = (SELECT min(id) FROM res_currency)");

        TarnRun run = tarn(project, "odoo reconcile --table product_product --table res_currency --format json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .isEqualTo(
                        "{\"tables\":[{\"table\":\"bronze.res_currency\",\"rows\":1,\"version\":2,\"remarks\":[]}],\"problems\":[{\"code\":\"DELETES_HELD\",\"file\":\"sources/odoo.yml\",\"line\":15,\"column\":12,\"what\":\"30 of 40 rows of product_product are gone from the source, which is more than stop_above lets pass; bronze.product_product keeps them.\",\"mend\":\"If it is meant: tarn odoo reconcile --table product_product --accept-deletes 30; if not, look at what happened to product_product.\"}]}\n");
    }

    @Test
    void whatWasNeverReadIsNotLoadedAndLoadedByAResync() throws IOException {
        SampleCopy project = copy();
        books.odoo("CREATE TABLE note (id int PRIMARY KEY, amount numeric)");
        books.odoo("INSERT INTO note VALUES (1, 2.5), (2, 3)");
        books.odoo("GRANT SELECT ON note TO tarn_reader");
        project.change("sources/odoo.yml", "tables:\n", "tables:\n  - table: note\n");

        assertSays(
                tarn(project, "verify odoo --table note"),
                3,
                """
                as of NOW:
                 note  not loaded   bronze.note was never read: tarn up loads it
                1 of 1 table differs.
                """);
        assertSays(
                tarn(project, "odoo resync --table note"),
                0,
                """
                 table        rows landed  version
                 bronze.note  2            1
                """);
        assertSays(
                tarn(project, "odoo resync --table note"),
                0,
                """
                 table        rows landed  version
                 bronze.note  0            2
                """);
        assertSays(
                tarn(project, "verify odoo --table note"),
                0,
                """
                as of NOW:
                 note  2 = 2   bronze.note   1 sum equal
                Equal.
                """);
    }

    @Test
    void theGrantsThatArePrintedAreEnoughAndNothingMore() throws IOException {
        SampleCopy project = copy();
        books.odoo("CREATE ROLE bi_reader LOGIN");
        books.odoo("CREATE TABLE ir_model_fields (id int PRIMARY KEY, model varchar, name varchar, translate varchar)");
        books.odoo("REVOKE ALL ON DATABASE odoo FROM public");
        books.odoo("GRANT CONNECT ON DATABASE odoo TO tarn_reader");
        books.odoo("REVOKE ALL ON SCHEMA public FROM public");
        books.odoo("GRANT USAGE ON SCHEMA public TO tarn_reader");
        books.odoo("REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() FROM public");
        books.odoo("GRANT EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() TO tarn_reader");
        Map<String, String> secrets = new HashMap<>(books.secrets());
        secrets.put("TARN_SECRET_ODOO_URL", books.odooUrl().replace("tarn_reader", "bi_reader"));

        TarnRun grants = tarn(project, "odoo grants --user bi_reader");

        assertSays(
                grants,
                0,
                """
                -- What bi_reader needs to read the source odoo, and nothing more. Run it as the owner of the database;
                -- the user must be there: CREATE ROLE "bi_reader" LOGIN PASSWORD '...';
                GRANT CONNECT ON DATABASE "odoo" TO "bi_reader";
                GRANT USAGE ON SCHEMA "public" TO "bi_reader";
                -- Tarn never asks for res_partner.comment.
                -- The right is on the whole table all the same: with a right on single columns PostgreSQL refuses the lock under which Tarn reads it.
                GRANT SELECT ON "account_move" TO "bi_reader";
                GRANT SELECT ON "account_move_line" TO "bi_reader";
                GRANT SELECT ON "account_account" TO "bi_reader";
                GRANT SELECT ON "res_partner" TO "bi_reader";
                GRANT SELECT ON "res_company" TO "bi_reader";
                GRANT SELECT ON "res_currency" TO "bi_reader";
                GRANT SELECT ON "product_product" TO "bi_reader";
                GRANT SELECT ON "product_template" TO "bi_reader";
                GRANT SELECT ON "ir_module_module" TO "bi_reader";
                GRANT SELECT ON "ir_model_fields" TO "bi_reader";
                -- Every user has these unless somebody took them away; then only a superuser can give them back.
                GRANT EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() TO "bi_reader";
                """);
        String refused =
                tarn(project, secrets, "odoo reconcile --table account_account").err();
        assertThat(refused).startsWith("SOURCE_LOGIN_REFUSED");
        for (String statement : grants.out().split("\n")) {
            books.odoo(statement);
        }
        assertThat(tarn(project, secrets, "odoo reconcile").err()).doesNotContain("SOURCE_");
        assertThat(tarn(project, secrets, "verify odoo --table account_move").exitCode())
                .isZero();
        assertThat(books.odoo("SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'bi_reader'"))
                .containsExactly("10");
    }

    @Test
    void aRightOnSingleColumnsIsNotEnoughForTheLock() throws IOException {
        books.odoo("CREATE ROLE column_reader LOGIN");
        books.odoo("GRANT CONNECT ON DATABASE odoo TO column_reader");
        books.odoo("GRANT USAGE ON SCHEMA public TO column_reader");
        books.odoo("GRANT SELECT (id, xmin) ON account_journal TO column_reader");

        List<String> lock = books.odoo(
                """
                DO $$ BEGIN SET LOCAL ROLE column_reader; PERFORM id, xmin FROM account_journal;
                BEGIN LOCK TABLE account_journal IN ACCESS SHARE MODE; RAISE 'it is enough';
                EXCEPTION WHEN insufficient_privilege THEN NULL; END; END $$""");

        assertThat(lock).isEmpty();
    }

    @Test
    void fieldsAreComparedAndOneThatIsNewIsBroughtAlone() throws IOException {
        SampleCopy project = copy();
        assertThat(tarn(project, "odoo fields").out())
                .contains(
                        """
                         table        column   state     source  bronze  what happens
                         res_partner  comment  excluded  STRING          never leaves the source
                        """);
        books.odoo("ALTER TABLE account_account ADD COLUMN tarn_note varchar");
        books.odoo("UPDATE account_account SET tarn_note = 'x' WHERE id % 2 = 0");
        books.odoo("ALTER TABLE account_account ALTER COLUMN reconcile TYPE varchar USING reconcile::text");
        long even = Long.parseLong(books.odoo("SELECT count(*) FROM account_account WHERE id % 2 = 0")
                .get(0));

        TarnRun fields = tarn(project, "odoo fields account.account");

        assertThat(fields.exitCode()).isZero();
        assertThat(fields.out().lines().map(String::strip))
                .contains(
                        "account_account  reconcile     retyped  STRING     BOOLEAN    what does not fit BOOLEAN goes to _rescued_data (retyped_field: rescue)",
                        "account_account  tarn_note     new      STRING                the next look adds it; older rows get it when they are written, or all now with --backfill tarn_note");
        TarnRun backfill = tarn(project, "odoo fields account.account --backfill tarn_note");
        assertThat(backfill.err()).isEmpty();
        assertThat(backfill.out())
                .contains(" bronze.account_account  " + even + " ")
                .contains("Column tarn_note of account_account is new and was added to bronze.account_account.\n");
        assertThat(tarn(project, "odoo fields account.account").out()).doesNotContain(" new ");
        assertRefused(
                tarn(project, "odoo fields account.account --backfill tarn_not"),
                2,
                """
                COLUMN_NOT_FOUND  Source odoo: account_account has no column tarn_not.
                    Nearest: tarn_note.""");
        assertRefused(
                tarn(project, "odoo fields res.partner --backfill comment"),
                2,
                """
                CONFIGURATION_INVALID  Source odoo: column comment of res_partner is excluded, so nothing of it is read.
                    Take it out of exclude of res_partner first.""");
        project.change("sources/odoo.yml", "schedule:", "schema: { new_field: none }\nschedule:");
        books.odoo("ALTER TABLE account_account ADD COLUMN tarn_other int");
        assertRefused(
                tarn(project, "odoo fields account.account --backfill tarn_other"),
                2,
                """
                CONFIGURATION_INVALID  Source odoo: column tarn_other of account_account is new, and new_field: none leaves it out.
                    Write new_field: add below schema of the source first.""");
    }

    @Test
    void whatCannotBeMeantIsRefused() throws IOException {
        SampleCopy project = copy();

        assertRefused(
                tarn(project, "verify odo"),
                2,
                """
                USAGE  The project has no source odo that tables are read from.
                    Nearest: odoo.""");
        assertRefused(
                tarn(project, "verify odoo --table account.mov"),
                2,
                """
                TABLE_NOT_FOUND  Source odoo has no table account.mov.
                    Nearest: account_move.""");
        assertRefused(
                tarn(project, "odoo resync --table sale.order"),
                2,
                """
                TABLE_NOT_FOUND  Source odoo has no table sale.order.
                    List it below tables of sources/odoo.yml.""");
        assertRefused(
                tarn(project, "verify odoo --sum amount_total"),
                2,
                """
                USAGE  --sum takes a table and its column, account_move.amount_total, not amount_total.
                    See tarn verify --help.""");
        assertRefused(
                tarn(project, "verify odoo --table res_company --sum account_move.amount_total"),
                2,
                """
                USAGE  --sum is about account_move, which --table leaves out.
                    Add --table account_move, or leave its --sum out.""");
        assertRefused(
                tarn(project, "odoo reconcile --accept-deletes -1"),
                2,
                """
                USAGE  --accept-deletes takes 0 or more, not -1.
                    See tarn odoo reconcile --help.""");
        assertRefused(
                tarn(project, "odoo fields --backfill x"),
                2,
                """
                USAGE  --backfill brings a column of one table, and none is named.
                    Name it: tarn odoo fields account.move --backfill x.""");
        assertRefused(
                tarn(project, Map.of(), "verify odoo"),
                2,
                """
                sources/odoo.yml:1:1  SECRET_MISSING  ${secret:odoo-url} is not set for target local.
                    Set TARN_SECRET_ODOO_URL or add odoo-url to .secrets.""");
        assertThat(tarn(project, Map.of(), "odoo grants").out())
                .contains("GRANT CONNECT ON DATABASE :\"DBNAME\" TO \"tarn_reader\";\n");
        assertRefused(
                tarn(project, "odoo reconcile --root nowhere"),
                2,
                """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    Make one with tarn up, go into its project, or name its folder with --root."""
                        .formatted(project.folder().resolve("nowhere")));
    }

    @Test
    void theRightSourceIsChosenAmongSeveral() throws IOException {
        SampleCopy project = copy().add(
                        "sources/shop.yml",
                        """
                        source: shop
                        type: postgres
                        connection:
                          database: ${secret:shop-url}
                        schedule: { every: 5m }
                        tables:
                          - table: account_journal
                        """);

        assertRefused(
                tarn(project, "odoo grants"),
                2,
                """
                USAGE  The project has 2 sources that are databases: odoo, shop.
                    Name one of them to tarn odoo grants.""");
        assertThat(tarn(project, "odoo grants --source shop").out())
                .contains("GRANT SELECT ON \"account_journal\" TO \"tarn_reader\";\n")
                .doesNotContain("ir_module_module");
    }

    @Test
    void aSourceThatIsReadThroughItsApiIsRefused() throws IOException {
        SampleCopy project = copy().change(
                        "sources/odoo.yml",
                        "  database: ${secret:odoo-url} ",
                        "  api: { url: https://erp.example.com, db: odoo, user: a@example.com, key: \"${secret:odoo-key}\" } ");

        assertRefused(
                tarn(project, "odoo grants"),
                2,
                """
                USAGE  tarn odoo grants is for sources that are read from their database; odoo is read through Odoo's API.
                    Name its database below connection of sources/odoo.yml in place of api, if it can be reached.""");
        assertRefused(
                tarn(project, "verify odoo"),
                2,
                """
                USAGE  tarn verify is for sources that are read from their database; odoo is read through Odoo's API.
                    Name its database below connection of sources/odoo.yml in place of api, if it can be reached.""");
    }

    @Test
    void theDemoOdooOfARunningTarnIsFoundWithoutASecret() throws IOException {
        assertThat(DemoDatabases.runningOdooUrl(folder.resolve("books"))).hasValue(books.odooUrl());
        assertThat(DemoDatabases.runningOdooUrl(folder)).isEmpty();
        SampleCopy project = copy();
        Files.createDirectories(project.folder().resolve(".lake/demo/postgres"));
        Files.copy(
                folder.resolve("books/postgres/postmaster.pid"),
                project.folder().resolve(".lake/demo/postgres/postmaster.pid"));

        assertThat(tarn(project, Map.of(), "verify odoo --table account_move").exitCode())
                .isZero();
    }

    @Test
    void aLakeThatRunsIsNotReadInto() throws IOException {
        SampleCopy project = copy();
        LocalStorage root = new LocalStorage(project.folder().resolve(".lake"));
        try (Lease running = root.lease("tarn/leases/up").orElseThrow()) {
            assertThat(running).isNotNull();
            assertRefused(
                    tarn(project, "odoo resync"),
                    1,
                    """
                    LAKE_IN_USE  Another tarn up (process %d) runs on the lake at %s.
                        Stop it, or choose another place with --root."""
                            .formatted(ProcessHandle.current().pid(), root));
            assertThat(tarn(project, "verify odoo --table account_move").exitCode())
                    .isZero();
        }
    }
}
