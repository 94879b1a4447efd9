package dev.tarn.connect.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord.Failure;
import dev.tarn.engine.event.UpdateRecord.Kind;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.AlarmType;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People are told of what is wrong: once, by whoever finds it, and once more when it is over. */
class AlarmsTest {

    private static final SourcePosition HERE = new SourcePosition("tarn.yml", 5, 3);
    private static final TableSchema NUMBERS = new TableSchema(List.of(new Column("id", DataType.Simple.BIGINT)));

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.now();
    private AlarmReceiver receiver;
    private Lake lake;
    private Updates updates;
    private String secret = AlarmReceiver.SECRET;

    private final class Time extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void open() throws IOException {
        Budget budget = new Budget(256L << 20, 512L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
        receiver = AlarmReceiver.open();
        lake = Lake.open(
                new LocalStorage(folder.resolve("lake")), DuckDb.open(budget, folder.resolve("workspace")), new Time());
        updates = new Updates(lake, ZoneId.of("UTC"), 2, Pause.real());
    }

    @AfterEach
    void close() {
        lake.close();
        receiver.close();
    }

    private static Flow flow(String target, String source, OnViolation onViolation) {
        SourcePosition position = new SourcePosition("pipelines/" + target.replace('.', '_') + ".sql", 1, 1);
        return new Flow(
                target,
                Dataset.of(TableName.parse(target), Dataset.Kind.STREAMING_TABLE, NUMBERS, position),
                new Effect.Append(false),
                List.of(new Flow.Input(TableName.parse(source), Flow.Reading.STREAM)),
                "SELECT id FROM \"" + source + "\"",
                List.of(new Expectation("positive", "id > 0", "id > 0", onViolation, position)),
                List.of(),
                "fedcba9876543210",
                position);
    }

    private Plan plan(OnViolation onViolation, AlarmType... on) {
        Notify notify = new Notify(receiver.url(), new SecretRef("n8n-notify"), List.of(on), HERE);
        return new Plan(
                "0123456789abcdef",
                "shop",
                ZoneId.of("Asia/Manila"),
                List.of(
                        flow("silver.numbers", "bronze.numbers", onViolation),
                        flow("gold.numbers", "silver.numbers", OnViolation.WARN)),
                List.of(),
                List.of(new PostgresSink(
                        "portal",
                        new SecretRef("portal-url"),
                        List.of(new PostgresSink.Table(
                                TableName.parse("gold.numbers"),
                                "public",
                                "numbers",
                                List.of("id"),
                                PostgresSink.Mode.MIRROR,
                                HERE)),
                        HERE)),
                List.of(),
                List.of(),
                new Operation("prod", Duration.ofMinutes(10), 2, notify));
    }

    private Plan plan() {
        return plan(OnViolation.FAIL_UPDATE, AlarmType.values());
    }

    private void arrive(long number) {
        DeltaTable table = lake.table(TableName.parse("bronze.numbers"));
        try (Session session = lake.duckDb().session()) {
            TableSnapshot base = table.create(TableDefinition.of(NUMBERS));
            table.commit(
                    table.append(session, base, "SELECT " + number + "::BIGINT AS id"),
                    CommitRequest.ofFlow(
                            "source",
                            base.updateNumber("source").orElse(0) + 1,
                            new FlowProgress("test", List.of()),
                            lake.newUpdateId(),
                            "WRITE",
                            Map.of(),
                            Map.of()));
        }
    }

    private void run(Plan plan) {
        for (Flow flow : plan.flows()) {
            try {
                updates.run(flow);
            } catch (TarnException isCounted) {
                assertThat(isCounted.code()).isEqualTo(ErrorCode.EXPECTATION_FAILED);
            }
        }
    }

    private void check(Plan plan) {
        told.clear();
        new Alarms(lake, notify -> secret).check(plan, updates::progress, told::add);
    }

    @Test
    void aFlowThatFailsIsToldOfOnceThenWhenItIsSetAsideAndThenWhenItIsMended() {
        arrive(1);
        run(plan());
        Instant filled = now;
        now = now.plusSeconds(60);
        arrive(-1);
        run(plan());
        check(plan());
        check(plan());

        assertThat(receiver.last().toString())
                .isEqualTo(("{'type':'update_failed','severity':'error','at':'" + text(now)
                                + "','project':'shop','target':'prod','table':'silver.numbers','flow':'silver.numbers',"
                                + "'update':'UPDATE','code':'EXPECTATION_FAILED','what':'positive failed for 1 of 1 rows"
                                + " of silver.numbers: not true that id > 0.','effect':'silver.numbers and 1 table made"
                                + " from it stay as of "
                                + text(filled).substring(0, 16).replace('T', ' ')
                                + "; nothing wrong was published.','mend':'silver.numbers and the tables after it stay as"
                                + " they were (version 1). Mend the rows in the source, or change the expectation. See"
                                + " tarn runs show UPDATE --target prod.','attempt':1,'set_aside':false}")
                        .replace('\'', '"')
                        .replace("UPDATE", receiver.last().path("update").asText()));
        assertThat(receiver.lastSignedAt()).isEqualTo(now.getEpochSecond());
        assertThat(receiver.heard()).containsExactly("update_failed silver.numbers");
        assertThat(told).isEmpty();

        run(plan());
        check(plan());
        check(plan());
        assertThat(receiver.last().path("attempt").asInt()).isEqualTo(2);
        assertThat(receiver.last().path("set_aside").asBoolean()).isTrue();
        assertThat(receiver.last().path("mend").asText()).endsWith("Then tarn update silver.numbers --target prod.");
        assertThat(receiver.heard()).containsExactly("update_failed silver.numbers");

        Plan mended = plan(OnViolation.WARN, AlarmType.values());
        updates.tryAgain(mended.flows().get(0));
        run(mended);
        check(mended);
        check(mended);
        assertThat(told).isEmpty();
        assertThat(receiver.heard()).containsExactly("mended update_failed silver.numbers");
    }

    private static String text(Instant moment) {
        return moment.atZone(ZoneId.of("Asia/Manila"))
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    private void sinkFails(ErrorCode code) {
        new FailedAttempts(lake.storage())
                .failed(
                        Kind.PUBLISH,
                        "portal public.numbers",
                        "",
                        new Failure(code, "The sink refuses.", "Ask it why."),
                        null,
                        now);
    }

    private void sinkTakes() {
        new FailedAttempts(lake.storage()).forget(Kind.PUBLISH, "portal public.numbers");
    }

    @Test
    void whatLastsIsToldOfOnceADay() {
        sinkFails(ErrorCode.SINK_REFUSED_ROWS);
        check(plan());
        assertThat(receiver.last().path("mend").asText())
                .isEqualTo("Ask it why. Check it with tarn doctor --target prod.");
        now = now.plus(Alarms.REMINDER).minusMillis(1);
        check(plan());
        assertThat(receiver.heard()).containsExactly("publish_blocked portal public.numbers");
        now = now.plusMillis(1);
        check(plan());
        assertThat(receiver.heard()).containsExactly("publish_blocked portal public.numbers");
    }

    @Test
    void whatComesAndGoesMakesNoStorm() {
        for (int minute = 0; minute < 60; minute++) {
            sinkFails(ErrorCode.SINK_REFUSED_ROWS);
            check(plan());
            sinkTakes();
            check(plan());
            now = now.plusSeconds(60);
        }

        assertThat(receiver.heard()).hasSizeBetween(2, 8).contains("mended publish_blocked portal public.numbers");
    }

    @Test
    void whatPassesByItselfIsToldOfWhenItDoesNot() {
        sinkFails(ErrorCode.SINK_UNREACHABLE);
        check(plan());
        now = now.plus(Duration.ofMinutes(15));
        check(plan());
        assertThat(receiver.heard()).isEmpty();

        now = now.plusMillis(1);
        check(plan());
        assertThat(receiver.heard()).containsExactly("publish_blocked portal public.numbers");
    }

    @Test
    void whatNobodyTakesIsStaleAfterHalfAsMuchTimeAgain() {
        arrive(1);
        run(plan());
        now = Instant.now();
        arrive(2);
        now = now.plus(Duration.ofMinutes(14));
        check(plan());
        assertThat(receiver.heard()).isEmpty();

        now = now.plus(Duration.ofMinutes(2));
        new Alarms(lake, notify -> secret).check(plan(), null, told::add);
        assertThat(receiver.heard()).isEmpty();
        check(plan());
        assertThat(receiver.heard()).containsExactly("stale silver.numbers");
        new Alarms(lake, notify -> secret).check(plan(), null, told::add);
        assertThat(receiver.heard()).isEmpty();

        run(plan());
        check(plan());
        assertThat(receiver.heard()).containsExactly("mended stale silver.numbers");
    }

    @Test
    void rowsThatAreKeptAsideAreToldOf() {
        Plan plan = plan(OnViolation.QUARANTINE, AlarmType.values());
        arrive(-1);
        run(plan);
        check(plan);

        assertThat(receiver.last().path("what").asText()).isEqualTo("1 row is kept aside of silver.numbers.");
        assertThat(receiver.last().path("severity").asText()).isEqualTo("warning");
        assertThat(receiver.last().path("mend").asText())
                .isEqualTo(
                        "See them with tarn quarantine show silver.numbers --target prod. Mend the rows in the source"
                                + " or change the expectation, then tarn quarantine replay silver.numbers --target prod.");
        assertThat(receiver.heard()).containsExactly("quarantine silver.numbers");
    }

    @Test
    void whatNobodyWantsToHearIsNotTold() {
        sinkFails(ErrorCode.SINK_REFUSED_ROWS);
        check(plan(OnViolation.FAIL_UPDATE, AlarmType.STALE));
        assertThat(receiver.asked()).isZero();
    }

    @Test
    void aReceiverThatRefusesIsToldByTheNextCheckAndItsAddressIsNotLogged() {
        arrive(-1);
        run(plan());
        sinkFails(ErrorCode.SINK_REFUSED_ROWS);
        receiver.answer(500);
        check(plan());
        assertThat(told)
                .singleElement()
                .asString()
                .matches("Nobody could be told of .*: 127.0.0.1 answered with HTTP 500; it is tried again.");
        assertThat(receiver.asked()).isEqualTo(1);
        assertThat(String.join("\n", told)).doesNotContain("4711");

        receiver.answer(200);
        check(plan());
        assertThat(receiver.heard())
                .containsExactlyInAnyOrder("update_failed silver.numbers", "publish_blocked portal public.numbers");
    }

    @Test
    void aReceiverThatIsNotThereFailsNothing() {
        sinkFails(ErrorCode.SINK_REFUSED_ROWS);
        receiver.close();
        check(plan());
        assertThat(told)
                .containsExactly("Nobody could be told of publish_blocked of portal public.numbers: 127.0.0.1 cannot be"
                        + " reached: ConnectException; it is tried again.");
    }

    @Test
    void anotherSecretIsRefusedByTheReceiver() {
        sinkFails(ErrorCode.SINK_REFUSED_ROWS);
        secret = "guessed";
        check(plan());
        assertThat(told)
                .containsExactly("Nobody could be told of publish_blocked of portal public.numbers: 127.0.0.1 answered"
                        + " with HTTP 401; it is tried again.");
        assertThat(receiver.heard()).isEmpty();
    }

    @Test
    void aSecretThatIsMissingIsSaid() {
        sinkFails(ErrorCode.SINK_REFUSED_ROWS);
        new Alarms(lake, notify -> {
                    throw new TarnException(ErrorCode.SECRET_MISSING, "It is not set.", "Set it.");
                })
                .check(plan(), updates::progress, told::add);
        assertThat(told).containsExactly("Alarms cannot be told: SECRET_MISSING  It is not set.\n    Set it.");
    }

    @Test
    void whatPeopleWereToldThatCannotBeReadIsToldAgain() throws IOException {
        sinkFails(ErrorCode.SINK_REFUSED_ROWS);
        check(plan());
        receiver.heard();
        for (String content : List.of("not json", "{\"v\":2}", "{\"v\":1,\"alarms\":{\"x\":{\"surprise\":1}}}")) {
            lake.storage().put("tarn/alarms/open.json", content.getBytes(StandardCharsets.UTF_8));
            check(plan());
            assertThat(receiver.heard()).as(content).containsExactly("publish_blocked portal public.numbers");
        }
    }
}
