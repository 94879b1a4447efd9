package dev.tarn.connect.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.TestLake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Plan;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class SourceLooksTest {

    private static final BooleanSupplier TIME_ENOUGH = () -> false;
    private static final Duration SELDOM = Duration.ofHours(1);
    private static final Duration ALWAYS = Duration.ofNanos(1);
    private static final String COUNT = "SELECT count(*), count(DISTINCT id) FROM %s";

    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static int databases;

    private final List<String> told = new ArrayList<>();
    private String database;
    private TestLake lake;

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
        database = "shop" + ++databases;
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(
                database,
                "CREATE TABLE orders (id int PRIMARY KEY)",
                "INSERT INTO orders SELECT generate_series(1, 3)",
                "CREATE TABLE people (id int PRIMARY KEY)",
                "INSERT INTO people VALUES (7)");
        lake = TestLake.open(folder.resolve(test.getTestMethod().orElseThrow().getName()));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aTickReadsWhatWasNeverLookedAt() {
        looks(secrets()).look(plan(source("shop", SELDOM, "orders")), TIME_ENOUGH, told::add);

        assertThat(lake.query("bronze.shop_orders", COUNT)).containsExactly("3|3");
        assertThat(told).hasSize(1).first().asString().startsWith("shop: 3 rows into version 1 of bronze.shop_orders");
    }

    @Test
    void anotherProcessKnowsWhatIsNotDueYet() {
        Plan plan = plan(source("shop", SELDOM, "orders"));
        looks(secrets()).look(plan, TIME_ENOUGH, told::add);

        // It would not get in.
        looks(Map.of()).look(plan, TIME_ENOUGH, told::add);

        assertThat(told).hasSize(1);
    }

    @Test
    void anotherProcessReadsOnlyWhatIsNew() throws SQLException {
        Plan plan = plan(source("shop", ALWAYS, "orders"));
        looks(secrets()).look(plan, TIME_ENOUGH, told::add);
        looks(secrets()).look(plan, TIME_ENOUGH, told::add);
        server.execute(database, "INSERT INTO orders VALUES (4)", "DELETE FROM orders WHERE id = 1");

        looks(secrets()).look(plan, TIME_ENOUGH, told::add);

        // Keys are compared once an hour only, which the process before has done.
        assertThat(lake.query("bronze.shop_orders", COUNT)).containsExactly("4|4");
    }

    @Test
    void whatIsDueAgainInAnHourIsNotReadMeanwhileThoughAnotherTableIs() throws SQLException {
        Plan seldom = plan(source("shop", SELDOM, "orders"));
        looks(secrets()).look(seldom, TIME_ENOUGH, told::add);
        server.execute(database, "INSERT INTO orders VALUES (4)");

        looks(secrets()).look(plan(source("shop", SELDOM, "orders", "people")), TIME_ENOUGH, told::add);

        assertThat(lake.query("bronze.shop_orders", COUNT)).containsExactly("3|3");
        assertThat(lake.query("bronze.shop_people", COUNT)).containsExactly("1|1");
    }

    @Test
    void aTickThatHasNoTimeDoesOnePieceAndLeavesTheRestToTheNext() {
        Plan plan = plan(source("shop", SELDOM, "orders", "people"));

        List<Unit> left = looks(secrets()).look(plan, () -> true, told::add);
        boolean peopleThen = exists("bronze.shop_people");
        List<Unit> nothing = looks(secrets()).look(plan, TIME_ENOUGH, told::add);

        assertThat(peopleThen).isFalse();
        assertThat(left).containsExactly(new Unit(Unit.Kind.EXTRACT, "shop"));
        assertThat(nothing).isEmpty();
        assertThat(lake.query("bronze.shop_orders", COUNT)).containsExactly("3|3");
        assertThat(lake.query("bronze.shop_people", COUNT)).containsExactly("1|1");
    }

    @Test
    void messagesReadWhatTheTickLeftPieceByPiece() {
        Plan plan = plan(source("shop", SELDOM, "orders", "people"), source("other", SELDOM, "people"));
        deploy(plan);
        EnvironmentSecrets secrets = new EnvironmentSecrets(secrets());
        Units units = new Units(new RunningPlan(lake.lake(), secrets), secrets);
        List<Unit> left = looks(secrets()).look(plan, () -> true, told::add);
        assertThat(exists("bronze.shop_people")).isFalse();

        List<String> queue = units.messages(left, "tick-1");
        for (int message = 0; message < 10 && !queue.isEmpty(); message++) {
            queue = queue.stream()
                    .flatMap(each -> units.resume(each, 1, () -> true, told::add).next().stream())
                    .toList();
        }

        assertThat(queue).isEmpty();
        assertThat(lake.query("bronze.shop_people", COUNT)).containsExactly("1|1");
    }

    @Test
    void everySourceGetsAPieceWhateverTheOthersTake() {
        Plan plan = plan(source("shop", SELDOM, "orders", "people"), source("other", SELDOM, "people"));

        looks(secrets()).look(plan, () -> true, told::add);

        assertThat(exists("bronze.shop_orders")).isTrue();
        assertThat(exists("bronze.other_people")).isTrue();
    }

    @Test
    void aSourceThatSomebodyReadsIsLeftToHim() throws IOException {
        try (Lease held =
                lake.lake().storage().lease(SourceLooks.leasePath("shop")).orElseThrow()) {
            looks(secrets()).look(plan(source("shop", SELDOM, "orders")), TIME_ENOUGH, told::add);
            assertThat(held).isNotNull();
        }

        assertThat(exists("bronze.shop_orders")).isFalse();
        assertThat(told).containsExactly("shop: is being read by somebody else");
    }

    @Test
    void ticksAtOnceReadEveryRowOnce() throws SQLException {
        server.execute(database, "INSERT INTO orders SELECT generate_series(4, 500)");
        Plan plan = plan(source("shop", SELDOM, "orders", "people"));

        List<CompletableFuture<Void>> ticks = Stream.generate(() ->
                        CompletableFuture.runAsync(() -> looks(secrets()).look(plan, TIME_ENOUGH, sentence -> {})))
                .limit(4)
                .toList();
        ticks.forEach(CompletableFuture::join);

        assertThat(lake.query("bronze.shop_orders", COUNT)).containsExactly("500|500");
        assertThat(lake.query("bronze.shop_people", COUNT)).containsExactly("1|1");
    }

    @Test
    void aSecretThatIsMissingIsNamedWhenTheOtherSourcesWereRead() {
        Plan plan = plan(source("other", SELDOM, "people"), source("shop", SELDOM, "orders"));

        assertThatThrownBy(() -> looks(Map.of("TARN_SECRET_SHOP_URL", url())).look(plan, TIME_ENOUGH, told::add))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        """
                        sources/other.yml:1:1  SECRET_MISSING  ${secret:other-url} is not set: the app has no setting \
                        TARN_SECRET_OTHER_URL.
                            Put the value into the Key Vault as other-url, make TARN_SECRET_OTHER_URL a reference to it, and \
                        restart the app.""");
        assertThat(lake.query("bronze.shop_orders", COUNT)).containsExactly("3|3");
    }

    @Test
    void timesThatANewerTarnKeptAreRefused() throws IOException {
        lake.lake().storage().put("tarn/looks/shop.json", "{\"v\":2,\"tables\":{}}".getBytes(UTF_8));

        assertRefused(
                """
                LAKE_FORMAT_NEWER  tarn/looks/shop.json of the lake has version 2; this version of Tarn knows up to 1.
                    Use the newer Tarn that wrote it, or delete the file: every table is then looked at once more.""");
    }

    @Test
    void timesThatCannotBeReadAreRefused() throws IOException {
        String refusal =
                """
                LAKE_DAMAGED  tarn/looks/shop.json of the lake cannot be read.
                    Delete the file: every table of the source is then looked at once more.""";
        for (String damaged : List.of("{\"v\":1,", "{\"v\":1,\"tables\":{\"orders\":{}}}", "[]")) {
            lake.lake().storage().put("tarn/looks/shop.json", damaged.getBytes(UTF_8));

            assertRefused(refusal);
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> looks(secrets()).look(plan(source("shop", SELDOM, "orders")), TIME_ENOUGH, told::add))
                .isInstanceOf(TarnException.class)
                .hasMessage(message);
    }

    private void deploy(Plan plan) {
        try {
            new PlanStore(lake.lake().storage()).deploy(plan);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SourceLooks looks(Map<String, String> environment) {
        return new SourceLooks(lake.lake(), new EnvironmentSecrets(environment));
    }

    private Map<String, String> secrets() {
        return Map.of("TARN_SECRET_SHOP_URL", url(), "TARN_SECRET_OTHER_URL", url());
    }

    private String url() {
        return "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database + "?sslmode=disable";
    }

    private boolean exists(String table) {
        return lake.lake().table(TableName.parse(table)).snapshot().isPresent();
    }

    private static Plan plan(TableSource... sources) {
        return new Plan("0123456789abcdef", "shop", ZoneId.of("UTC"), List.of(), List.of(sources), List.of());
    }

    private static TableSource source(String name, Duration every, String... relations) {
        return new TableSource(
                name,
                new SourceConnection.Postgres(new SecretRef(name + "-url"), null),
                every,
                new DeleteCheck(SELDOM, new BigDecimal("0.01")),
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN),
                Stream.of(relations).map(relation -> table(name, relation)).toList(),
                new SourcePosition("sources/" + name + ".yml", 1, 1));
    }

    private static TableSource.Table table(String source, String relation) {
        return new TableSource.Table(
                Relation.parse(relation),
                TableName.parse("bronze." + source + "_" + relation),
                Set.of(),
                List.of(),
                null,
                null,
                null,
                new SourcePosition("sources/" + source + ".yml", 5, 5));
    }
}
