package dev.tarn.local;

import static dev.tarn.local.SettledSource.assertRefused;
import static dev.tarn.local.SettledSource.assertSays;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Commands about a source, on the sample's lake and a real database. Each test changes a table of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class OdooCommandTest {

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
    void whatOneTableHoldsBackDoesNotHideWhatOthersGot() throws IOException {
        SampleCopy project = source.copy();
        source.books().odoo("DELETE FROM product_product WHERE id <= 30");
        source.books()
                .odoo("UPDATE res_currency SET active = NOT active WHERE id = (SELECT min(id) FROM res_currency)");

        TarnRun run = source.tarn(project, "odoo reconcile --table product_product --table res_currency --format json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .isEqualTo(
                        "{\"tables\":[{\"table\":\"bronze.res_currency\",\"rows\":1,\"version\":2,\"remarks\":[]}],\"problems\":[{\"code\":\"DELETES_HELD\",\"file\":\"sources/odoo.yml\",\"line\":16,\"column\":12,\"what\":\"30 of 40 rows of product_product are gone from the source, which is more than stop_above lets pass; bronze.product_product keeps them.\",\"mend\":\"If it is meant: tarn odoo reconcile --table product_product --accept-deletes 30; if not, look at what happened to product_product.\"}]}\n");
    }

    @Test
    void whatWasNeverReadIsNotLoadedAndLoadedByAResync() throws IOException {
        SampleCopy project = source.copy();
        source.books().odoo("CREATE TABLE note (id int PRIMARY KEY, amount numeric)");
        source.books().odoo("INSERT INTO note VALUES (1, 2.5), (2, 3)");
        source.books().odoo("GRANT SELECT ON note TO tarn_reader");
        project.change("sources/odoo.yml", "tables:\n", "tables:\n  - table: note\n");

        assertSays(
                source.tarn(project, "verify odoo --table note"),
                3,
                """
                as of NOW:
                 note  not loaded   bronze.note was never read: tarn up loads it
                1 of 1 table differs.
                """);
        assertSays(
                source.tarn(project, "odoo resync --table note"),
                0,
                """
                 table        rows landed  version
                 bronze.note  2            1
                """);
        assertSays(
                source.tarn(project, "odoo resync --table note"),
                0,
                """
                 table        rows landed  version
                 bronze.note  0            2
                """);
        assertSays(
                source.tarn(project, "verify odoo --table note"),
                0,
                """
                as of NOW:
                 note  2 = 2   bronze.note   1 sum equal
                Equal.
                """);
    }

    @Test
    void theGrantsThatArePrintedAreEnoughAndNothingMore() throws IOException {
        SampleCopy project = source.copy();
        takeAwayWhatEverybodyMay();
        Map<String, String> secrets = new HashMap<>(source.books().secrets());
        secrets.put("TARN_SECRET_ODOO_URL", source.books().odooUrl().replace("tarn_reader", "bi_reader"));

        TarnRun grants = source.tarn(project, "odoo grants --user bi_reader");

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
                GRANT SELECT ON "account_partial_reconcile" TO "bi_reader";
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
        String refused = source.tarn(project, secrets, "odoo reconcile --table account_account")
                .err();
        assertThat(refused).startsWith("SOURCE_LOGIN_REFUSED");
        for (String statement : grants.out().split("\n")) {
            source.books().odoo(statement);
        }
        assertThat(source.tarn(project, secrets, "odoo reconcile").err()).doesNotContain("SOURCE_");
        assertThat(source.tarn(project, secrets, "verify odoo --table account_move")
                        .exitCode())
                .isZero();
        assertThat(source.books()
                        .odoo("SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'bi_reader'"))
                .containsExactly("11");
    }

    private void takeAwayWhatEverybodyMay() throws IOException {
        source.books().odoo("CREATE ROLE bi_reader LOGIN");
        source.books().odoo("REVOKE ALL ON DATABASE odoo FROM public");
        source.books().odoo("GRANT CONNECT ON DATABASE odoo TO tarn_reader");
        source.books().odoo("REVOKE ALL ON SCHEMA public FROM public");
        source.books().odoo("GRANT USAGE ON SCHEMA public TO tarn_reader");
        source.books().odoo("REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() FROM public");
        source.books().odoo("GRANT EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() TO tarn_reader");
    }

    @Test
    void aRightOnSingleColumnsIsNotEnoughForTheLock() throws IOException {
        source.books().odoo("CREATE ROLE column_reader LOGIN");
        source.books().odoo("GRANT CONNECT ON DATABASE odoo TO column_reader");
        source.books().odoo("GRANT USAGE ON SCHEMA public TO column_reader");
        source.books().odoo("GRANT SELECT (id, xmin) ON account_journal TO column_reader");

        List<String> lock = source.books()
                .odoo(
                        """
                DO $$ BEGIN SET LOCAL ROLE column_reader; PERFORM id, xmin FROM account_journal;
                BEGIN LOCK TABLE account_journal IN ACCESS SHARE MODE; RAISE 'it is enough';
                EXCEPTION WHEN insufficient_privilege THEN NULL; END; END $$""");

        assertThat(lock).isEmpty();
    }

    @Test
    void fieldsAreComparedAndOneThatIsNewIsBroughtAlone() throws IOException {
        SampleCopy project = source.copy();
        assertThat(source.tarn(project, "odoo fields").out())
                .contains(
                        """
                         table        column   state     source  bronze  what happens
                         res_partner  comment  excluded  STRING          never leaves the source
                        """);
        source.books().odoo("ALTER TABLE account_account ADD COLUMN tarn_note varchar");
        source.books().odoo("UPDATE account_account SET tarn_note = 'x' WHERE id % 2 = 0");
        source.books().odoo("ALTER TABLE account_account ALTER COLUMN reconcile TYPE varchar USING reconcile::text");
        long even = Long.parseLong(source.books()
                .odoo("SELECT count(*) FROM account_account WHERE id % 2 = 0")
                .get(0));

        TarnRun fields = source.tarn(project, "odoo fields account.account");

        assertThat(fields.exitCode()).isZero();
        assertThat(fields.out().lines().map(String::strip))
                .contains(
                        "account_account  reconcile     retyped  STRING     BOOLEAN    what does not fit BOOLEAN goes to _rescued_data (retyped_field: rescue)",
                        "account_account  tarn_note     new      STRING                the next look adds it; older rows get it when they are written, or all now with --backfill tarn_note");
        TarnRun backfill = source.tarn(project, "odoo fields account.account --backfill tarn_note");
        assertThat(backfill.err()).isEmpty();
        assertThat(backfill.out())
                .contains(" bronze.account_account  " + even + " ")
                .contains("Column tarn_note of account_account is new and was added to bronze.account_account.\n");
        assertThat(source.tarn(project, "odoo fields account.account").out()).doesNotContain(" new ");
        assertRefused(
                source.tarn(project, "odoo fields account.account --backfill tarn_not"),
                2,
                """
                COLUMN_NOT_FOUND  Source odoo: account_account has no column tarn_not.
                    Nearest: tarn_note.""");
        assertRefused(
                source.tarn(project, "odoo fields res.partner --backfill comment"),
                2,
                """
                CONFIGURATION_INVALID  Source odoo: column comment of res_partner is excluded, so nothing of it is read.
                    Take it out of exclude of res_partner first.""");
        project.change("sources/odoo.yml", "schedule:", "schema: { new_field: none }\nschedule:");
        source.books().odoo("ALTER TABLE account_account ADD COLUMN tarn_other int");
        assertRefused(
                source.tarn(project, "odoo fields account.account --backfill tarn_other"),
                2,
                """
                CONFIGURATION_INVALID  Source odoo: column tarn_other of account_account is new, and new_field: none leaves it out.
                    Write new_field: add below schema of the source first.""");
    }

    @Test
    void whatCannotBeMeantIsRefused() throws IOException {
        SampleCopy project = source.copy();

        assertRefused(
                source.tarn(project, "verify odo"),
                2,
                """
                USAGE  The project has no source odo that tables are read from.
                    Nearest: odoo.""");
        assertRefused(
                source.tarn(project, "verify odoo --table account.mov"),
                2,
                """
                TABLE_NOT_FOUND  Source odoo has no table account.mov.
                    Nearest: account_move.""");
        assertRefused(
                source.tarn(project, "odoo resync --table sale.order"),
                2,
                """
                TABLE_NOT_FOUND  Source odoo has no table sale.order.
                    List it below tables of sources/odoo.yml.""");
        assertRefused(
                source.tarn(project, "verify odoo --sum amount_total"),
                2,
                """
                USAGE  --sum takes a table and its column, account_move.amount_total, not amount_total.
                    See tarn verify --help.""");
        assertRefused(
                source.tarn(project, "verify odoo --table res_company --sum account_move.amount_total"),
                2,
                """
                USAGE  --sum is about account_move, which --table leaves out.
                    Add --table account_move, or leave its --sum out.""");
    }

    @Test
    void whatCannotBeDoneIsRefused() throws IOException {
        SampleCopy project = source.copy();

        assertRefused(
                source.tarn(project, "odoo reconcile --accept-deletes -1"),
                2,
                """
                USAGE  --accept-deletes takes 0 or more, not -1.
                    See tarn odoo reconcile --help.""");
        assertRefused(
                source.tarn(project, "odoo fields --backfill x"),
                2,
                """
                USAGE  --backfill brings a column of one table, and none is named.
                    Name it: tarn odoo fields account.move --backfill x.""");
        assertRefused(
                source.tarn(project, Map.of(), "verify odoo"),
                2,
                """
                sources/odoo.yml:1:1  SECRET_MISSING  ${secret:odoo-url} is not set for target local.
                    Set TARN_SECRET_ODOO_URL or add odoo-url to .secrets.""");
        assertThat(source.tarn(project, Map.of(), "odoo grants").out())
                .contains("GRANT CONNECT ON DATABASE :\"DBNAME\" TO \"tarn_reader\";\n");
        assertRefused(
                source.tarn(project, "odoo reconcile --root nowhere"),
                2,
                """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    Make one with tarn up, go into its project, or name its folder with --root."""
                        .formatted(project.folder().resolve("nowhere")));
    }

    @Test
    void theRightSourceIsChosenAmongSeveral() throws IOException {
        SampleCopy project = source.copy()
                .add(
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
                source.tarn(project, "odoo grants"),
                2,
                """
                USAGE  The project has 2 sources: odoo, shop.
                    Name one of them to tarn odoo grants.""");
        assertThat(source.tarn(project, "odoo grants --source shop").out())
                .contains("GRANT SELECT ON \"account_journal\" TO \"tarn_reader\";\n")
                .doesNotContain("ir_module_module");
    }

    @Test
    void aSourceThatIsReadThroughItsApiNeedsItsKey() throws IOException {
        SampleCopy project = source.copy()
                .change(
                        "sources/odoo.yml",
                        "  database: ${secret:odoo-url} ",
                        "  api: { url: https://erp.example.com, db: odoo, user: a@example.com, key: \"${secret:odoo-key}\" } ");

        for (String command : List.of("odoo reconcile", "odoo fields", "verify odoo")) {
            assertRefused(
                    source.tarn(project, command),
                    2,
                    """
                    sources/odoo.yml:1:1  SECRET_MISSING  ${secret:odoo-key} is not set for target local.
                        Set TARN_SECRET_ODOO_KEY or add odoo-key to .secrets.""");
        }
    }

    @Test
    void aLakeThatRunsIsNotReadInto() throws IOException {
        SampleCopy project = source.copy();
        LocalStorage root = new LocalStorage(project.folder().resolve(".lake"));
        try (Lease running = root.lease("tarn/leases/up").orElseThrow()) {
            assertThat(running).isNotNull();
            assertRefused(
                    source.tarn(project, "odoo resync"),
                    1,
                    """
                    LAKE_IN_USE  Another tarn up (process %d) runs on the lake at %s.
                        Stop it, or choose another place with --root."""
                            .formatted(ProcessHandle.current().pid(), root));
            assertThat(source.tarn(project, "verify odoo --table account_move").exitCode())
                    .isZero();
        }
    }
}
