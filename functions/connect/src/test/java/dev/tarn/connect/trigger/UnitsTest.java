package dev.tarn.connect.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.connect.status.StatusReader;
import dev.tarn.connect.status.TableStatus;
import dev.tarn.engine.delta.Correlation;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

    private static final BooleanSupplier TIME_ENOUGH = () -> false;
    private static final BooleanSupplier NO_TIME = () -> true;
    private static final Instant ASKED = Instant.parse("2026-05-01T08:00:00Z");
    private static final String REFUSAL =
            """
            sources/shop.yml:1:1  SECRET_MISSING  ${secret:shop-url} is not set: the app has no setting TARN_SECRET_SHOP_URL.
                Put the value into the Key Vault as shop-url, make TARN_SECRET_SHOP_URL a reference to it, and restart the app.""";

    private final List<String> told = new ArrayList<>();

    @TempDir
    private Path folder;

    private PlannedLake lake;
    private RunningPlan running;
    private Units units;

    @BeforeEach
    void open() {
        lake = PlannedLake.open(folder);
        running = new RunningPlan(lake.lake().lake(), new EnvironmentSecrets(Map.of()));
        units = new Units(running, new EnvironmentSecrets(Map.of()));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void flowsThatWereLeftAreRunByMessages() throws IOException {
        lake.deploy();
        lake.fill("silver.doubled", 2, 4);

        List<Unit> left = List.of(update("gold.sums"), update("gold.years"));
        int messages = drain(units.messages(left, "sweep-1"), TIME_ENOUGH);

        assertThat(messages).isEqualTo(2);
        assertThat(lake.ids("gold.sums")).containsExactly("3", "5");
        assertThat(lake.ids("gold.years")).containsExactly("4", "6");
        assertThat(told)
                .anyMatch(sentence ->
                        sentence.matches("update of gold.sums, attempt 1, asked for at 20\\d\\d-\\d\\d-\\d\\dT.*Z"))
                .anyMatch(sentence -> sentence.startsWith("gold.sums: version "));
    }

    @Test
    void whatAMessageCommitsIsUnderTheIdThatItCarries() throws IOException {
        lake.deploy();
        String orders = lake.fill("bronze.orders", 1);

        drain(units.messages(List.of(update("silver.doubled")), "tick-1"), TIME_ENOUGH);

        byte[] file = lake.lake().lake().storage().read(PlannedLake.FILE.formatted("silver/doubled", 1));
        assertThat(Correlation.ofCommit(file)).contains("tick-1");
        assertThat(Correlation.ofCommit(lake.lake().lake().storage().read(orders)))
                .isEmpty();
    }

    @Test
    void aRoundThroughTheTablesEndsWhereItBeganHoweverOftenItIsLeft() throws IOException {
        lake.deploy();
        Plan plan = running.plan();
        int tables = Maintenance.tables(plan).size();

        List<Unit> left = new Maintenance(lake.lake().lake()).run(plan, NO_TIME, told::add);
        int messages = drain(units.messages(left, "tick-1"), NO_TIME);

        assertThat(left).containsExactly(new Unit(Unit.Kind.MAINTAIN, "tarn.event_log"));
        assertThat(messages).isEqualTo(tables - 1);
        assertThat(new Maintenance(lake.lake().lake()).run(plan, NO_TIME, told::add))
                .as("the next tick begins where this one did")
                .isEqualTo(left);
    }

    @Test
    void aUnitThatFailsIsTriedAsOftenAsTheProjectSaysAndThenGivenUpWithItsReason() throws IOException {
        lake.deploy(source());
        String first = message(Unit.Kind.EXTRACT, "shop");

        Passed passed = resume(first, 1);
        for (int attempt = 2; attempt <= Operation.ATTEMPTS; attempt++) {
            assertThat(passed.next())
                    .containsExactly(first.replace("\"attempt\":1", "\"attempt\":" + attempt)
                            .replace("}", ",\"failure\":\"SECRET_MISSING\"}"));
            assertThat(passed.poison()).isEmpty();
            assertThat(passed.failure()).hasMessage(REFUSAL);
            passed = resume(passed.next().get(0), 1);
        }

        assertThat(passed.next()).isEmpty();
        assertThat(passed.failure()).hasMessage(REFUSAL);
        JsonNode poison = new ObjectMapper().readTree(passed.poison().get(0));
        assertThat(passed.poison()).hasSize(1);
        assertThat(poison.get("code").asText()).isEqualTo("SECRET_MISSING");
        assertThat(poison.get("what").asText())
                .isEqualTo("${secret:shop-url} is not set: the app has no setting TARN_SECRET_SHOP_URL.");
        assertThat(poison.get("mend").asText())
                .isEqualTo(
                        "Put the value into the Key Vault as shop-url, make TARN_SECRET_SHOP_URL a reference to it, and"
                                + " restart the app.");
        assertThat(Instant.parse(poison.get("at").asText())).isAfter(ASKED);
        assertThat(poison.get("message").asText())
                .isEqualTo(first.replace("\"attempt\":1", "\"attempt\":5")
                        .replace("}", ",\"failure\":\"SECRET_MISSING\"}"));
    }

    @Test
    void whatWasGivenUpIsInTheStatusAndOthersGoOn() throws IOException {
        lake.deploy(source());
        lake.fill("bronze.orders", 1);
        drain(List.of(message(Unit.Kind.EXTRACT, "shop"), message(Unit.Kind.UPDATE, "silver.doubled")), TIME_ENOUGH);

        assertThat(lake.ids("silver.doubled")).containsExactly("2");
        assertThat(new StatusReader(lake.lake().lake(), running.plan()).status().tables())
                .filteredOn(table -> table.name().equals("bronze.shop_people"))
                .extracting(TableStatus::state)
                .singleElement()
                .isInstanceOfSatisfying(TableStatus.State.Failed.class, failed -> assertThat(failed.code())
                        .isEqualTo("SECRET_MISSING"));
    }

    @ParameterizedTest
    @CsvSource({
        "EXTRACT, other, extract of other, source",
        "FILES, bronze.none, files of bronze.none, drop",
        "UPDATE, silver.none, update of silver.none, flow",
        "MAINTAIN, silver.none, maintain of silver.none, table"
    })
    void workOnWhatThePlanDoesNotHaveIsGivenUpAtOnce(Unit.Kind kind, String name, String unit, String what)
            throws IOException {
        lake.deploy(source());

        Passed passed = resume(message(kind, name), 1);

        assertThat(passed.next()).isEmpty();
        assertThat(passed.poison()).hasSize(1);
        assertThat(passed.failure())
                .hasMessage("UNIT_INVALID  A message of the queue tarn-units asks for the " + unit
                        + ", and the plan has no such " + what
                        + ".\n    Delete the message when the project was deployed without it meanwhile; else see who puts"
                        + " messages into this queue.");
    }

    @Test
    void whatIsNoUnitIsGivenUpAtOnceAndKeptInPart() throws IOException {
        lake.deploy();
        String foreign = "x".repeat(60_000);

        Passed passed = resume(foreign, 1);

        assertThat(passed.next()).isEmpty();
        JsonNode poison = new ObjectMapper().readTree(passed.poison().get(0));
        assertThat(poison.get("code").asText()).isEqualTo("UNIT_INVALID");
        assertThat(poison.get("what").asText())
                .isEqualTo("A message of the queue tarn-units has 60000 bytes; a unit of work has 4096 at most.");
        assertThat(poison.get("message").asText()).isEqualTo("x".repeat(2000));
    }

    @Test
    void aDeliveryThatEndedWithoutAWordCountsAsAnAttempt() throws IOException {
        lake.deploy(source());

        Passed passed = resume(message(Unit.Kind.EXTRACT, "shop"), 3);

        assertThat(passed.next()).singleElement().asString().contains("\"attempt\":4,");
    }

    @Test
    void aUnitThatEndsItsProcessEachTimeIsGivenUp() throws IOException {
        lake.deploy();

        Passed passed = resume(message(Unit.Kind.UPDATE, "silver.doubled"), Operation.ATTEMPTS + 1);

        assertThat(passed.next()).isEmpty();
        assertThat(passed.poison()).singleElement().asString().contains("\"code\":\"UNIT_UNFINISHED\"");
        assertThat(passed.failure())
                .hasMessage(
                        """
                        UNIT_UNFINISHED  The update of silver.doubled was begun 5 times, and nobody told how it ended: the \
                        process ended within it, or the lake could not be opened.
                            See the log of the app at these times; a process that ends without a word of its own was most \
                        likely out of memory.""");
        assertThat(told).isEmpty();
    }

    @Test
    void aUnitThatSomebodyIsAtEndsThere() throws IOException {
        lake.deploy(source());
        try (Lease held = lake.lake()
                .lake()
                .storage()
                .lease(SourceLooks.leasePath("shop"))
                .orElseThrow()) {
            assertThat(held).isNotNull();

            Passed passed = resume(message(Unit.Kind.EXTRACT, "shop"), 1);

            assertThat(passed).isEqualTo(new Passed(List.of(), List.of(), null));
        }
        assertThat(told).contains("shop: is being read by somebody else");
    }

    @Test
    void whatMayGoAwayByItselfIsHandedOverAgainUntilItIsGivenUp() throws IOException {
        lake.deploy();
        Files.createDirectories(folder.resolve("lake/tarn"));
        Files.writeString(folder.resolve("lake/tarn/leases"), "in the way");
        String message = message(Unit.Kind.MAINTAIN, "gold.sums");
        String failure =
                """
                STORAGE_UNAVAILABLE  The storage of the lake failed during the maintain of gold.sums.
                    See in the log what it answered; the clock starts the work again.""";

        assertThatThrownBy(() -> resume(message, Operation.ATTEMPTS - 1)).hasMessage(failure);
        Passed last = resume(message, Operation.ATTEMPTS);

        assertThat(last.next()).isEmpty();
        assertThat(last.poison()).singleElement().asString().contains("\"code\":\"STORAGE_UNAVAILABLE\"");
        assertThat(last.failure()).hasMessage(failure);
    }

    @Test
    void withoutAPlanTheMessageIsToComeAgain() {
        assertThatThrownBy(() -> resume(message(Unit.Kind.UPDATE, "silver.doubled"), 1))
                .hasMessage(
                        """
                        PROJECT_NOT_FOUND  The lake has no plan, so there is nothing to run.
                            Deploy the project to this lake.""");
    }

    /** Does what a queue does; answers how many messages it took. */
    private int drain(List<String> first, BooleanSupplier enough) {
        Deque<String> queue = new ArrayDeque<>(first);
        int messages = 0;
        while (!queue.isEmpty() && messages < 100) {
            messages++;
            queue.addAll(units.resume(queue.remove(), 1, enough, told::add).next());
        }
        return messages;
    }

    private Passed resume(String message, int delivery) {
        return units.resume(message, delivery, TIME_ENOUGH, told::add);
    }

    private static Unit update(String flow) {
        return new Unit(Unit.Kind.UPDATE, flow);
    }

    private static String message(Unit.Kind kind, String name) {
        return UnitMessage.first(new Unit(kind, name), "0198-1", ASKED).toJson();
    }

    private static TableSource source() {
        SourcePosition position = new SourcePosition("sources/shop.yml", 1, 1);
        return new TableSource(
                "shop",
                new SourceConnection.Postgres(new SecretRef("shop-url"), null),
                Duration.ofHours(1),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN),
                List.of(new TableSource.Table(
                        Relation.parse("people"),
                        TableName.parse("bronze.shop_people"),
                        Set.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        position)),
                position);
    }
}
