package dev.tarn.local;

import static dev.tarn.local.SettledProject.rows;
import static dev.tarn.local.SettledProject.update;
import static dev.tarn.local.SettledProject.versions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Changing a project on whose lake it has run, through the command line. */
@TestInstance(Lifecycle.PER_CLASS)
class UpdateCommandTest {

    private static final String CONTACTS =
            """
            CREATE STREAMING TABLE silver.contacts;
            CREATE FLOW contacts_new AS INSERT INTO silver.contacts BY NAME
            SELECT id, name FROM STREAM(bronze.res_partner);
            CREATE STREAMING TABLE silver.names;
            CREATE FLOW names_old AS INSERT ONCE INTO silver.names BY NAME SELECT id, name FROM bronze.res_currency;
            CREATE STREAMING TABLE gold.contact_ids AS SELECT id FROM STREAM(silver.contacts);
            """;

    private SettledProject settled;

    @BeforeAll
    void runOnce(@TempDir Path folder) throws IOException {
        settled = SettledProject.in(folder, "pipelines/contacts.sql", CONTACTS);
    }

    private SampleCopy copy() throws IOException {
        return settled.copy();
    }

    private static void assertRefused(TarnRun run, int exitCode, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    private static void changeRevenue(SampleCopy project) throws IOException {
        project.change(
                "pipelines/finance/gold_monthly_revenue.sql",
                "sum(m.amount_untaxed_signed)                                                          AS revenue",
                "CAST(0 AS DECIMAL(28,2)) AS revenue");
    }

    @Test
    void aProjectThatIsAsItWasHasNothingToDo() throws IOException {
        SampleCopy project = copy();
        Map<String, Long> before = versions(project);

        TarnRun dry = update(project, "--dry-run");
        TarnRun run = update(project);

        assertThat(dry.err()).isEmpty();
        assertThat(dry.out())
                .isEqualTo(
                        """
                 table         change     what happens
                 silver.names  once done  The back-fill names_old has run. tarn update --flow names_old --replay runs it again.
                Every flow is as it was when it ran last.
                """);
        assertThat(dry.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Nothing new: every table shows what its inputs hold.\n0 tables updated in ");
        assertThat(run.exitCode()).isZero();
        assertThat(versions(project)).isEqualTo(before);
    }

    @Test
    void aChangedViewIsToldAndComputedAnew() throws IOException {
        SampleCopy project = copy();
        Map<String, Long> before = versions(project);
        changeRevenue(project);

        TarnRun dry = update(project, "gold.monthly_revenue", "--dry-run");

        assertThat(dry.out())
                .isEqualTo(
                        """
                 table                 change     what happens
                 gold.monthly_revenue  recompute  Its definition changed: it is computed anew, in one commit.
                """);
        assertThat(dry.exitCode()).isEqualTo(3);
        assertThat(versions(project)).isEqualTo(before);
        assertThat(TarnRun.of(
                                project.folder(),
                                Map.of("TARN_SECRET_ODOO_URL", "x", "TARN_SECRET_SUPABASE_URL", "x"),
                                "check")
                        .out())
                .contains(
                        " gold.monthly_revenue  recompute  Its definition changed: it is computed anew, in one commit.\n");

        TarnRun run = update(project, "--select", "gold.monthly_revenue");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsSubsequence(" stage ", " aggregate  gold.monthly_revenue ", "1 table updated in ");
        assertThat(rows(project, "gold.monthly_revenue", "SELECT sum(revenue), count(*) > 0 FROM t"))
                .isEqualTo("0.00|true");
        assertThat(update(project, "gold.monthly_revenue", "--dry-run").exitCode())
                .isZero();
    }

    @Test
    void aChangedStreamKeepsItsRowsUntilItIsRefreshedFully() throws IOException {
        SampleCopy project = copy().change(
                        "pipelines/contacts.sql",
                        "SELECT id, name FROM STREAM",
                        "SELECT id, name, active AS used, id + 1 AS next FROM STREAM");

        TarnRun dry = update(project, "silver.contacts", "--dry-run");
        TarnRun run = update(project, "silver.contacts");

        assertThat(dry.out())
                .isEqualTo(
                        """
                 table            change         what happens
                 silver.contacts  new rows only  Its definition changed: what comes from now on follows it, and the rows that are there stay as they are without values in the 2 new columns. --full-refresh makes all anew.
                """);
        assertThat(dry.exitCode()).isEqualTo(3);
        assertThat(run.exitCode()).isZero();
        String bronze = rows(project, "bronze.res_partner", "SELECT count(*) FROM t");

        TarnRun refresh = update(project, "silver.contacts", "--full-refresh");

        assertThat(refresh.err())
                .isEqualTo(
                        "gold.contact_ids reads only what is new in silver.contacts, which is made anew: make it anew, too,"
                                + " with tarn update silver.contacts+ --full-refresh.\n");
        assertThat(refresh.exitCode()).isZero();
        assertThat(rows(project, "silver.contacts", "SELECT count(*), count(next) FROM t"))
                .isEqualTo(bronze + "|" + bronze);

        TarnRun downstream = update(project, "silver.contacts+");

        assertRefused(
                downstream,
                1,
                """
                STREAM_BROKEN  Version 2 of silver.contacts updated or deleted rows, so the rows that are new cannot be told from those that were there.
                    Make the table that reads it a materialized view, or refresh it fully.""");
        assertThat(downstream.out()).contains("FAILED: gold.contact_ids.");
        assertThat(update(project, "silver.contacts+", "--full-refresh").exitCode())
                .isZero();
        assertThat(rows(project, "gold.contact_ids", "SELECT count(*) FROM t")).isEqualTo(bronze);
    }

    @Test
    void thatAStreamWillBeRefusedIsToldBeforeItRuns() throws IOException {
        SampleCopy project =
                copy().change("pipelines/contacts.sql", "SELECT id, name FROM STREAM", "SELECT id FROM STREAM");
        String message =
                """
                pipelines/contacts.sql:1:1  SCHEMA_CHANGED  silver.contacts cannot become what its flows now fill, since its rows stay: name should go.
                    Make it anew from what its sources have with tarn update silver.contacts --full-refresh, or change the query back. New columns alone can be added as it is.""";

        TarnRun dry = update(project, "+gold.contact_ids", "--dry-run");

        assertRefused(dry, 3, message);
        assertThat(dry.out())
                .isEqualTo(
                        """
                 table            change   what happens
                 silver.contacts  refused  The update is refused, and the table stays as it is.
                """);
    }

    @Test
    void aBackFillIsReplayedByItsName() throws IOException {
        SampleCopy project = copy();
        String once = rows(project, "silver.names", "SELECT count(*) FROM t");

        TarnRun run = update(project, "--flow", "names_old", "--replay");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(rows(project, "silver.names", "SELECT count(*) FROM t"))
                .isEqualTo(Long.toString(2 * Long.parseLong(once)));
        assertRefused(
                update(project, "--flow", "contacts_new", "--replay"),
                2,
                """
                USAGE  The flow contacts_new is no back-fill: it follows its sources by itself.
                    Make its table anew with tarn update silver.contacts --full-refresh.""");
        assertRefused(
                update(project, "--flow", "names_new", "--replay"),
                2,
                """
                USAGE  The project has no flow names_new.
                    Nearest: names_old.""");
    }

    @Test
    void whatCannotBeChosenIsRefusedBeforeAnythingRuns() throws IOException {
        SampleCopy project = copy().add(
                        "pipelines/more.sql",
                        "CREATE FLOW contacts_old AS INSERT ONCE INTO silver.contacts BY NAME SELECT id, name FROM bronze.res_currency;")
                .change(
                        "pipelines/contacts.sql",
                        "CREATE STREAMING TABLE silver.names",
                        "CREATE STREAMING TABLE silver.names TBLPROPERTIES (pipelines.reset.allowed = false)");
        Map<String, Long> before = versions(project);

        assertRefused(
                update(project, "gold.monthly_revenu+", "+bronze.res_partner"),
                2,
                """
                TABLE_NOT_FOUND  The project has no table gold.monthly_revenu.
                    Nearest: gold.monthly_revenue, gold.control_revenue.
                TABLE_NOT_FOUND  No flow fills bronze.res_partner: its rows come from a source.
                    Choose what is made of it with bronze.res_partner+; tarn up looks at the sources.""");
        assertRefused(
                update(project, "--full-refresh"),
                2,
                """
                pipelines/contacts.sql:1:1  REFRESH_REFUSED  silver.contacts cannot be refreshed fully: 2 flows fill it (contacts_new, contacts_old), and each would take away the rows of the others.
                    Give each flow a table of its own and unite these in a view; or delete the folder silver/contacts of the lake and run tarn update silver.contacts, and all its flows fill it anew.
                pipelines/contacts.sql:4:1  REFRESH_REFUSED  silver.names must not be refreshed fully: it sets pipelines.reset.allowed to false.
                    Take the property away, if its sources still have all of its rows.""");
        assertThat(versions(project)).isEqualTo(before);
    }

    @Test
    void selectorsTakeAlongWhatATableIsMadeOfAndWhatIsMadeOfIt() throws IOException {
        SampleCopy project = copy();

        assertThat(chosen(update(project, "+gold.monthly_revenue", "--full-refresh", "--dry-run", "--format=json")))
                .containsExactlyInAnyOrder(
                        "silver.account_move", "silver.res_company", "silver.res_currency", "gold.monthly_revenue");
        assertThat(chosen(update(project, "bronze.res_currency+", "--full-refresh", "--dry-run", "--format=json")))
                .containsExactlyInAnyOrder(
                        "silver.res_currency",
                        "silver.names",
                        "gold.monthly_revenue",
                        "gold.bank_reconciliation",
                        "gold.budget_vs_actual");
        assertThat(chosen(update(project, "+silver.contacts+", "--dry-run", "--format=json")))
                .containsExactlyInAnyOrder("silver.contacts", "gold.contact_ids");
    }

    private static List<String> chosen(TarnRun run) {
        return Pattern.compile("\"table\":\"([^\"]+)\"")
                .matcher(run.out())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aLakeThatIsMissingOrRunsIsNotUpdated() throws IOException {
        SampleCopy without = SampleCopy.in(settled.folder().resolve("without"));
        assertRefused(
                update(without),
                2,
                """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    Make one with tarn up, go into its project, or name its folder with --root."""
                        .formatted(without.folder().resolve(".lake")));
        SampleCopy project = copy();
        LocalStorage root = new LocalStorage(project.folder().resolve(".lake"));
        try (Lease running = root.lease("tarn/leases/up").orElseThrow()) {
            assertThat(running).isNotNull();
            assertRefused(
                    update(project),
                    1,
                    """
                    LAKE_IN_USE  Another tarn up (process %d) runs on the lake at %s.
                        Stop it, or choose another place with --root."""
                            .formatted(ProcessHandle.current().pid(), root));
            assertThat(update(project, "--dry-run").exitCode()).isZero();
        }
    }

    /** Fills a table that keeps rows aside, by a file that is gone afterwards. */
    private static void fillOnce(SampleCopy project, String table) throws IOException {
        String file = "pipelines/once.sql";
        project.add(
                file,
                "CREATE STREAMING TABLE " + table + " (CONSTRAINT none EXPECT (id < 0) ON VIOLATION QUARANTINE)"
                        + " AS SELECT id FROM STREAM(silver.contacts);");
        assertThat(update(project, table).err()).isEmpty();
        Files.delete(project.folder().resolve(file));
    }

    @Test
    void aTableThatNoFlowFillsAnyLongerIsDeletedOnlyWhenToldSo() throws IOException {
        SampleCopy project = copy();
        Path lake = project.folder().resolve(".lake");
        fillOnce(project, "gold.gone");
        assertThat(lake.resolve("gold/gone_quarantine/_delta_log")).isDirectory();
        project.change(
                        "pipelines/finance/silver_res_partner_history.sql",
                        "silver.res_partner_history",
                        "silver.partner_history")
                .change(
                        "pipelines/contacts.sql",
                        "CREATE STREAMING TABLE gold.contact_ids AS SELECT id FROM STREAM(silver.contacts);",
                        "");
        assertThat(lake.resolve("tarn/cdc/silver.res_partner_history")).isDirectory();

        TarnRun dry = update(project, "--drop-removed");

        assertThat(dry.err()).isEmpty();
        assertThat(dry.exitCode()).isEqualTo(3);
        assertThat(dry.out().lines())
                .anySatisfy(line -> assertThat(line)
                        .matches(" silver.res_partner_history +\\d+ +renamed to silver.partner_history\\?"))
                .anySatisfy(line -> assertThat(line).matches(" gold.contact_ids +\\d+"))
                .anySatisfy(line -> assertThat(line).matches(" gold.gone +0"))
                .endsWith(
                        "No flow fills these any longer. Nothing was deleted: add --yes to delete them with all their versions.")
                .hasSize(5);
        assertThat(lake.resolve("silver/res_partner_history/_delta_log")).isDirectory();
        assertThat(update(project, "--dry-run", "silver.partner_history").out())
                .contains(
                        " silver.partner_history      new         It is made, and filled with all that its sources have.\n",
                        " silver.res_partner_history  not filled  No flow fills it any longer; was it renamed to"
                                + " silver.partner_history? It stays until tarn update --drop-removed --yes.\n");

        TarnRun drop = update(project, "--drop-removed", "--yes");

        assertThat(drop.err()).isEmpty();
        assertThat(drop.exitCode()).isZero();
        assertThat(drop.out()).endsWith("\nDeleted, with all their versions.\n");
        assertThat(lake.resolve("silver/res_partner_history")).doesNotExist();
        assertThat(lake.resolve("tarn/cdc/silver.res_partner_history")).doesNotExist();
        assertThat(lake.resolve("gold/contact_ids")).doesNotExist();
        assertThat(lake.resolve("gold/gone")).doesNotExist();
        assertThat(lake.resolve("gold/gone_quarantine")).doesNotExist();
        assertThat(lake.resolve("silver/contacts/_delta_log")).isDirectory();
        assertThat(update(project, "--drop-removed").out())
                .isEqualTo("Every table that Tarn filled is still filled by a flow.\n");
        assertThat(update(project).exitCode()).isZero();
        assertThat(rows(project, "silver.partner_history", "SELECT count(*) > 0 FROM t"))
                .isEqualTo("true");
    }

    @Test
    void aFailureStopsOnlyWhatReadsItsTable() throws IOException {
        SampleCopy project = copy();
        changeRevenue(project);
        project.change(
                "pipelines/finance/silver_product.sql",
                "COMMENT 'Products that can be sold, one row per variant'",
                "(id INT, sku STRING, product STRING, active BOOLEAN, CONSTRAINT none EXPECT (id < 0) ON VIOLATION FAIL UPDATE)");

        TarnRun run = update(project);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("EXPECTATION_FAILED  none failed for ");
        assertThat(run.out())
                .contains(
                        " aggregate  gold.monthly_revenue ",
                        "gold.top_products was not run, because of what it reads.\n")
                .contains("1 table updated in ", ", FAILED: silver.product.\n");
    }
}
