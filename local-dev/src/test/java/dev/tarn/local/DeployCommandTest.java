package dev.tarn.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tarn.azurite.Azurite;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.azure.ServiceProxy;
import dev.tarn.local.cli.TarnRun;
import dev.tarn.model.Plan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A lake in a storage account, deployed to and looked after through the command line. */
@TestInstance(Lifecycle.PER_CLASS)
class DeployCommandTest {

    private static final String FILE = "pipelines/contacts.sql";
    private static final String CONTACTS =
            """
            CREATE STREAMING TABLE silver.contacts (CONSTRAINT known EXPECT (id > 3) ON VIOLATION QUARANTINE)
            AS SELECT id, name FROM STREAM(bronze.res_partner);
            CREATE OR REFRESH MATERIALIZED VIEW gold.contact_count AS SELECT count(*) AS contacts FROM silver.contacts;
            """;
    private static final Plan OTHERS =
            new Plan("0123456789abcdef", "others", ZoneId.of("UTC"), List.of(), List.of(), List.of());

    private SettledProject settled;

    @BeforeAll
    void runOnce(@TempDir Path folder) throws IOException {
        settled = SettledProject.in(folder, FILE, CONTACTS);
    }

    private AccountOfLake filled() throws IOException {
        return AccountOfLake.filled(settled.copy());
    }

    private static void assertRefused(TarnRun run, int exitCode, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void everyCommandThatLooksWorksOnTheLake() throws IOException {
        AccountOfLake lake = filled();

        TarnRun status = lake.tarn("status");
        TarnRun runs = lake.tarn("runs", "--since", "7d");

        assertThat(status.err()).isEmpty();
        assertThat(status.out().lines())
                .anySatisfy(line -> assertThat(line).matches(" gold.contact_count +\\d+ .* ok"));
        assertThat(runs.out()).contains("silver.contacts");
        String id = runs.out().lines().skip(1).findFirst().orElseThrow().strip().split(" ")[0];
        assertThat(lake.tarn("runs", "show", id).exitCode()).isZero();
        assertThat(lake.tarn("quarantine", "list").out())
                .isEqualTo(
                        """
                         table            breaks  rows
                         silver.contacts  known   2
                        """);
        assertThat(lake.tarn("quarantine", "show", "silver.contacts").out()).contains("_tarn_broken");
        assertThat(lake.tarn("table", "read", "gold.contact_count", "--format", "json")
                        .out())
                .contains("\"contacts\":");
        assertThat(lake.tarn("table", "history", "gold.contact_count").exitCode())
                .isZero();
        Map<String, String> secrets =
                Map.of("TARN_LAKE", lake.connection(), "TARN_SECRET_ODOO_URL", "x", "TARN_SECRET_SUPABASE_URL", "x");
        assertThat(lake.tarn(secrets, "check").exitCode()).isZero();
        lake.project().change(FILE, "id > 3", "id > 0");
        assertThat(lake.tarn("quarantine", "replay", "silver.contacts").out())
                .isEqualTo("0 rows came back to silver.contacts.\n");
        lake.tarn("deploy");
        assertThat(lake.tarn("quarantine", "replay", "silver.contacts").out())
                .isEqualTo("2 rows came back to silver.contacts.\n");
    }

    @Test
    void aProjectIsDeployedToAnEmptyAccountAndRuns() throws IOException {
        AccountOfLake lake = AccountOfLake.of(settled.copy());

        assertRefused(
                lake.tarn("status"),
                2,
                """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    Make it with tarn deploy --target prod."""
                        .formatted(lake.address()));
        assertRefused(
                lake.tarn("deploy", "--back"),
                2,
                """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    Make it with tarn deploy --target prod."""
                        .formatted(lake.address()));
        TarnRun dry = lake.tarn("deploy", "--dry-run");

        assertThat(dry.out())
                .matches("There is no lake in " + lake.address()
                        + " yet: deploying makes it, and \\d+ flows fill their tables for the first time\\.\n");
        assertThat(dry.exitCode()).isEqualTo(3);
        assertThat(lake.storage().list("tarn", "")).isEmpty();

        TarnRun deploy = lake.tarn("deploy");

        assertThat(deploy.err()).isEmpty();
        assertThat(deploy.out())
                .contains(" silver.contacts ", " new ")
                .endsWith(
                        "The plan " + lake.plan() + " runs now on " + lake.address()
                                + " as the first.\nAn app takes it within seconds. Nobody waited for one: target prod names none (app:).\n");
        assertThat(deploy.exitCode()).isZero();
        assertThat(lake.tarn("status").out()).contains("waits for");
        assertThat(lake.tarn("deploy").out())
                .contains("The plan " + lake.plan() + " runs already on " + lake.address() + ".\n");
        assertThat(lake.tarn("deploy", "--dry-run").out()).endsWith("The plan " + lake.plan() + " runs already.\n");
        assertRefused(
                lake.tarn("deploy", "--back"),
                2,
                """
                USAGE  The lake at %s remembers no plan before the one that runs.
                    Take the project as it was from its history, and deploy that."""
                        .formatted(lake.address()));
    }

    @Test
    void aChangeRunsWhenItIsDeployedAndNoLongerWhenItIsTakenBack() throws IOException {
        AccountOfLake lake = filled();
        assertThat(lake.tarn("deploy").exitCode()).isZero();
        String before = lake.plan();
        int contacts = Integer.parseInt(lake.tarn("table", "read", "gold.contact_count", "--format", "json")
                .out()
                .replaceAll("\\D", ""));
        lake.project().change(FILE, "count(*) AS contacts", "count(*) + 1000 AS contacts");

        TarnRun dry = lake.tarn("deploy", "--dry-run");
        TarnRun early = lake.tarn("update", "gold.contact_count");

        assertThat(dry.out())
                .startsWith(
                        """
                 table               change     what happens
                 gold.contact_count  recompute  Its definition changed: it is computed anew, in one commit.
                """)
                .containsPattern("\nThe plan [0-9a-f]{12} would run instead of " + before + "\\.\n$");
        assertThat(dry.exitCode()).isEqualTo(3);
        assertThat(lake.plan()).isEqualTo(before);
        assertThat(early.err())
                .isEqualTo(
                        "What runs is the plan on the lake, and the project is not the same: tarn deploy --target prod puts"
                                + " it there.\n");
        assertThat(early.out()).startsWith("Nothing new: every table shows what its inputs hold.\n");
        assertThat(lake.plan()).isEqualTo(before);

        TarnRun deploy = lake.tarn("deploy");
        TarnRun update = lake.tarn("update");

        assertThat(deploy.err()).isEmpty();
        assertThat(deploy.out())
                .contains(
                        " gold.contact_count  recompute  ",
                        "The plan " + lake.plan() + " runs now on " + lake.address() + " instead of " + before + ".\n");
        assertThat(update.err()).isEmpty();
        assertThat(update.out()).contains("gold.contact_count").contains("1 table updated in ");
        assertThat(lake.tarn("table", "read", "gold.contact_count", "--format", "json")
                        .out())
                .isEqualTo("{\"contacts\":" + (contacts + 1000) + "}\n");

        TarnRun would = lake.tarn("deploy", "--back", "--dry-run", "--format", "json");
        TarnRun back = lake.tarn("deploy", "--back");

        assertThat(would.out()).startsWith("{\"event\":\"dryRun\",").contains("\"plan\":\"" + before);
        assertThat(back.out()).contains(" gold.contact_count  recompute  ", "The plan " + before + " runs now on ");
        assertThat(back.exitCode()).isZero();
        assertThat(lake.plan()).isEqualTo(before);
        assertThat(lake.tarn("update").out()).contains("1 table updated in ");
    }

    @Test
    void whatUpdatesWouldRefuseIsDeployedOnlyWhenTablesAreMadeAnew() throws IOException {
        AccountOfLake lake = filled();
        lake.tarn("deploy");
        String before = lake.plan();
        String property = "TBLPROPERTIES (pipelines.reset.allowed = false) ";
        lake.project().change(FILE, "AS SELECT id, name FROM STREAM", property + "AS SELECT id FROM STREAM");
        assertThat(lake.tarn("deploy", "--full-refresh").err())
                .startsWith(
                        "pipelines/contacts.sql:1:1  REFRESH_REFUSED  silver.contacts must not be refreshed fully: it sets"
                                + " pipelines.reset.allowed to false.\n");
        lake.project().change(FILE, property, "");

        TarnRun refused = lake.tarn("deploy");

        assertRefused(
                refused,
                2,
                """
                DEPLOY_REFUSED  Nothing was deployed to %s: its updates would be refused, see below.
                    Change the queries back; or deploy with --full-refresh, and then make the tables anew with tarn update --full-refresh.
                pipelines/contacts.sql:1:1  SCHEMA_CHANGED  silver.contacts cannot become what its flows now fill, since its rows stay: name should go.
                    Make it anew from what its sources have with tarn update silver.contacts --full-refresh, or change the query back. New columns alone can be added as it is."""
                        .formatted(lake.address()));
        assertThat(lake.plan()).isEqualTo(before);

        TarnRun forced = lake.tarn("deploy", "--full-refresh");

        assertThat(forced.exitCode()).isZero();
        assertThat(forced.err())
                .isEqualTo(
                        "silver.contacts stands still until it is made anew: tarn update silver.contacts --full-refresh"
                                + " --target prod\n");
        assertThat(lake.plan()).isNotEqualTo(before);
        assertThat(lake.tarn("update", "silver.contacts", "--full-refresh").exitCode())
                .isZero();
        assertThat(lake.tarn("update", "--dry-run").exitCode()).isZero();
    }

    @Test
    void whoDeploysWhileAnotherDoesIsTold() throws IOException {
        AccountOfLake lake = filled();
        lake.tarn("deploy");
        lake.project().change(FILE, "count(*) AS contacts", "count(*) + 1 AS contacts");
        try (ServiceProxy proxy = new ServiceProxy(Azurite.shared().service())) {
            String through = proxy.through(lake.connection());
            lake.project().change("tarn.yml", lake.address(), through.replaceAll(".*BlobEndpoint=([^;]*);.*", "$1"));
            AtomicReference<IOException> failed = new AtomicReference<>();
            proxy.plan((method, path) -> {
                // The plan is on its way: the other deployment comes between it and its pointer.
                if (method.equals("PUT") && path.contains("plans") && path.contains(".json")) {
                    try {
                        new PlanStore(lake.storage()).deploy(OTHERS);
                    } catch (IOException e) {
                        failed.set(e);
                    }
                }
                return Optional.empty();
            });

            TarnRun run = lake.tarn(Map.of("TARN_LAKE", through), "deploy");

            assertThat(failed.get()).isNull();
            assertThat(run.err())
                    .matches(
                            """
                            DEPLOY_CONFLICT  Somebody else deployed to the lake at http://127.0.0.1:\\d+/\\w+ meanwhile, so nothing was changed.
                                See with tarn deploy --dry-run --target prod what differs now, and deploy again.
                            """);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(new PlanStore(lake.storage()).current()).contains(OTHERS);
        }
    }

    @Test
    void theAppIsAwaitedAndItsProblemsAreTold() throws IOException {
        AccountOfLake lake = filled();
        HttpServer app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<String> answer = new AtomicReference<>("{\"plan\":\"0000000000000000\",\"problems\":[]}");
        app.createContext("/health", exchange -> {
            byte[] body = answer.get().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.get().contains("\"problems\":[]") ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        app.start();
        try {
            String url = "http://127.0.0.1:" + app.getAddress().getPort();
            lake.project().change("tarn.yml", lake.address() + "\"", lake.address() + "\", app: \"" + url + "\"");

            TarnRun late = lake.tarn("deploy", "--wait", "1s");
            String hash = new PlanStore(lake.storage()).current().orElseThrow().hash();

            assertRefused(
                    late,
                    1,
                    """
                    DEPLOY_NOT_TAKEN  The plan %s is deployed, but the app at %s did not take it within 1 s: it runs the plan 000000000000.
                        Look at its /health and its log. It takes the plan by itself once it works; tarn deploy --back --target prod goes back."""
                            .formatted(lake.plan(), url));
            answer.set("{\"plan\":\"" + hash + "\",\"problems\":[]}");
            TarnRun taken = lake.tarn("deploy", "--wait", "1s");
            assertThat(taken.out()).endsWith("\nThe app at " + url + " runs it.\n");
            assertThat(taken.exitCode()).isZero();
            answer.set(
                    "{\"plan\":\"" + hash
                            + "\",\"problems\":[{\"code\":\"SECRET_MISSING\",\"what\":\"${secret:odoo-url} is not set.\",\"mend\":\"Set it.\"}]}");
            TarnRun unwell = lake.tarn("deploy", "--wait", "1s");
            assertThat(unwell.out()).endsWith("\nThe app at " + url + " runs it, and is not well:\n");
            assertRefused(unwell, 1, "SECRET_MISSING  ${secret:odoo-url} is not set.\n    Set it.");
            answer.set("<html>");
            assertThat(lake.tarn("deploy", "--wait", "1s").err())
                    .contains("within 1 s: it answers status 503, as no app of Tarn does.\n");
        } finally {
            app.stop(0);
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws IOException {
        assertRefused(
                AccountOfLake.of(settled.copy()).tarn("deploy", "--wait", "soon"),
                2,
                """
                USAGE  Invalid value for option '--wait': a time is a number and s, m, h or d, for example 12h.
                    See tarn deploy --help.""");
    }
}
