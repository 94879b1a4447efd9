package dev.tarn.connect.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.engine.event.EventLog;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class RunningPlanTest {

    private static final BooleanSupplier TIME_ENOUGH = () -> false;

    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static int databases;

    private final List<String> told = new ArrayList<>();
    private String database;
    private PlannedLake lake;
    private RunningPlan running;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void open(TestInfo test) throws SQLException {
        database = "target" + ++databases;
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(
                database, "CREATE TABLE doubled (id bigint PRIMARY KEY)", "CREATE TABLE years (id bigint PRIMARY KEY)");
        lake = PlannedLake.open(
                folder.resolve(test.getTestMethod().orElseThrow().getName()));
        running = new RunningPlan(lake.lake().lake(), new EnvironmentSecrets(PlannedLake.secret(server, database)));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aCommitWakesTheFlowsThatReadItsTableAndNoOthers() throws IOException {
        lake.deploy();

        running.arrived(lake.fill("bronze.orders", 1, 2), TIME_ENOUGH, told::add);

        assertThat(lake.ids("silver.doubled")).containsExactly("2", "4");
        assertThat(lake.lake().lake().table(TableName.parse("gold.sums")).snapshot())
                .isEmpty();
        assertThat(told).hasSize(1).first().asString().startsWith("silver.doubled: version 1, 2 rows in ");
    }

    @Test
    void aCommitOfAGoldTableWakesTheGoldFlowThatReadsIt() throws IOException {
        lake.deploy();

        running.arrived(lake.fill("gold.sums", 4), TIME_ENOUGH, told::add);

        assertThat(lake.ids("gold.years")).containsExactly("5");
    }

    @Test
    void aSweepWithoutTimeRunsOneFlowAndSaysWhichItLeaves() throws IOException {
        lake.deploy();
        lake.fill("bronze.orders", 1);

        List<Unit> left = running.sweep(() -> true, told::add);

        assertThat(lake.ids("silver.doubled")).containsExactly("2");
        assertThat(left)
                .containsExactly(new Unit(Unit.Kind.UPDATE, "gold.sums"), new Unit(Unit.Kind.UPDATE, "gold.years"));
        assertThat(running.sweep(TIME_ENOUGH, told::add)).isEmpty();
    }

    @Test
    void aWakeThatHasTimeLeavesNothing() throws IOException {
        lake.deploy();

        assertThat(running.arrived(lake.fill("bronze.orders", 1), TIME_ENOUGH, told::add))
                .isEmpty();
    }

    @Test
    void aTableIsSentToTheSinkThatTakesItWhateverItsLayer() throws IOException, SQLException {
        lake.deploy();

        running.arrived(lake.fill("gold.years", 2026), TIME_ENOUGH, told::add);
        running.arrived(lake.fill("silver.doubled", 6), TIME_ENOUGH, told::add);

        assertThat(server.query(database, "SELECT id FROM years")).containsExactly("2026");
        assertThat(server.query(database, "SELECT id FROM doubled")).containsExactly("6");
        assertThat(told)
                .contains("portal public.years: version 1 of gold.years sent, 1 rows inserted, 0 updated, 0 deleted");
    }

    @Test
    void aRepeatedEventSendsNothing() throws IOException, SQLException {
        lake.deploy();
        String commit = lake.fill("gold.years", 2026);
        running.arrived(commit, TIME_ENOUGH, told::add);
        server.execute(database, "DELETE FROM years");
        told.clear();

        running.arrived(commit, TIME_ENOUGH, told::add);

        assertThat(told).isEmpty();
        assertThat(server.query(database, "SELECT id FROM years")).isEmpty();
    }

    @Test
    void anEventThatComesLateSendsTheNewestVersion() throws IOException, SQLException {
        lake.deploy();
        String first = lake.fill("gold.years", 2026);
        lake.fill("gold.years", 2026, 2027);

        running.arrived(first, TIME_ENOUGH, told::add);

        assertThat(server.query(database, "SELECT id FROM years ORDER BY id")).containsExactly("2026", "2027");
    }

    @Test
    void everyPublicationHasItsRecordInTheHistory() throws IOException {
        lake.deploy();

        running.arrived(lake.fill("gold.years", 2026), TIME_ENOUGH, told::add);

        assertThat(new EventLog(lake.lake().lake()).recent(10)).anySatisfy(update -> {
            assertThat(update.flow()).isEqualTo("portal.public.years");
            assertThat(update.completed()).isTrue();
        });
    }

    @Test
    void aMissingSecretIsNamedWhenTheFlowsHaveRun() throws IOException {
        lake.deploy();
        RunningPlan without = new RunningPlan(lake.lake().lake(), new EnvironmentSecrets(Map.of()));
        lake.fill("gold.sums", 4);

        assertThatThrownBy(() -> without.arrived(lake.fill("silver.doubled", 1), TIME_ENOUGH, told::add))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        """
                        sinks/portal.yml:1:1  SECRET_MISSING  ${secret:portal-url} is not set: the app has no setting \
                        TARN_SECRET_PORTAL_URL.
                            Put the value into the Key Vault as portal-url, make TARN_SECRET_PORTAL_URL a reference to it, \
                        and restart the app.""");
        assertThat(lake.ids("gold.sums")).containsExactly("2");
    }

    @Test
    void aReferenceThatAzureCouldNotFollowIsNamed() throws IOException {
        lake.deploy();
        Map<String, String> unresolved = Map.of(
                "TARN_SECRET_PORTAL_URL",
                "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/portal-url)");
        RunningPlan refused = new RunningPlan(lake.lake().lake(), new EnvironmentSecrets(unresolved));

        assertThatThrownBy(() -> refused.arrived(lake.fill("gold.years", 1), TIME_ENOUGH, told::add))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        """
                        sinks/portal.yml:1:1  SECRET_INVALID  ${secret:portal-url}: the setting TARN_SECRET_PORTAL_URL refers \
                        to a Key Vault, and Azure could not follow it.
                            See that the Key Vault has an enabled secret portal-url and that the app's identity has the role \
                        Key Vault Secrets User on it; then restart the app.""");
    }

    @Test
    void aTableThatThePlanDoesNotKnowWakesNothing() throws IOException {
        lake.deploy();

        running.arrived(lake.fill("gold.foreign", 1), TIME_ENOUGH, told::add);

        assertThat(told).containsExactly("Version 1 of gold.foreign wakes nothing: the plan has no such table.");
    }

    @Test
    void aFileThatIsNoCommitWakesNothing() throws IOException {
        lake.deploy();

        running.arrived("gold/years/_delta_log/notes.json", TIME_ENOUGH, told::add);
        running.arrived("gold/Years of 2026/_delta_log/00000000000000000001.json", TIME_ENOUGH, told::add);

        assertThat(told)
                .containsExactly(
                        "gold/years/_delta_log/notes.json is no commit of a table, so it wakes nothing.",
                        "gold/Years of 2026/_delta_log/00000000000000000001.json is no commit of a table, so it wakes"
                                + " nothing.");
    }

    @Test
    void aCommitThatWasDeletedMeanwhileWakesWhatThenWaits() throws IOException {
        lake.deploy();

        running.arrived(PlannedLake.FILE.formatted("bronze/orders", 7), TIME_ENOUGH, told::add);

        assertThat(told).containsExactly("silver.doubled: waits for bronze.orders");
    }

    @Test
    void aSweepDoesWhatNoEventAnnounced() throws IOException, SQLException {
        lake.deploy();
        lake.fill("bronze.orders", 1, 2);

        running.sweep(TIME_ENOUGH, told::add);

        assertThat(server.query(database, "SELECT id FROM years ORDER BY id")).containsExactly("4", "6");
        assertThat(server.query(database, "SELECT id FROM doubled ORDER BY id")).containsExactly("2", "4");
        assertThat(told)
                .hasSize(6)
                .contains(
                        "Events since the last sweep of this process: 0 heard, of them 0 repeated; 1 flow had something new"
                                + " that no event had announced.");
        assertThat(lake.lake().query("tarn.event_log", "SELECT count(*) > 0 FROM %s"))
                .containsExactly("true");
    }

    @Test
    void aSweepTellsHowManyEventsWereRepeated() throws IOException {
        lake.deploy();
        String commit = lake.fill("bronze.orders", 1, 2);
        running.arrived(commit, TIME_ENOUGH, told::add);
        running.arrived(commit, TIME_ENOUGH, told::add);
        told.clear();

        running.sweep(TIME_ENOUGH, told::add);

        assertThat(told)
                .contains(
                        "Events since the last sweep of this process: 2 heard, of them 1 repeated; 1 flow had something new"
                                + " that no event had announced.");
    }

    @Test
    void aSweepThatFindsNothingNewSaysNothingAndCommitsNothing() throws IOException {
        lake.deploy();
        lake.fill("bronze.orders", 1, 2);
        running.sweep(TIME_ENOUGH, told::add);
        told.clear();

        running.sweep(TIME_ENOUGH, told::add);

        assertThat(told).isEmpty();
        assertThat(lake.lake().snapshot("gold.years").version()).isEqualTo(1);
    }

    @Test
    void aSweepWithoutAPlanIsRefused() {
        assertThatThrownBy(() -> running.sweep(TIME_ENOUGH, told::add))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        """
                        PROJECT_NOT_FOUND  The lake has no plan, so there is nothing to run.
                            Deploy the project to this lake.""");
    }

    @Test
    void withoutAPlanTheCommitIsNamed() {
        assertThatThrownBy(() -> running.arrived(lake.fill("gold.years", 1), TIME_ENOUGH, told::add))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        """
                        PROJECT_NOT_FOUND  The lake has no plan, so version 1 of gold.years wakes nothing.
                            Deploy the project to this lake.""");
    }
}
