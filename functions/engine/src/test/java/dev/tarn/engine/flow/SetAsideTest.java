package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.expectation;
import static dev.tarn.engine.flow.FlowLake.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.event.Attempts;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateRecord.Kind;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Fault.Moment;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.Dataset;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An update that always fails is tried a few times, and then left aside until something is different. */
class SetAsideTest {

    private static final int MOST = 3;
    private static final Flow REFUSED = FlowLake.stream(expectation("positive", "amount > 0", OnViolation.FAIL_UPDATE));
    private static final Flow MENDED =
            FlowLake.silver(Dataset.Kind.STREAMING_TABLE, "mended", expectation("any", "true", OnViolation.WARN));
    private static final String WHAT = "positive failed for 1 of 1 rows of silver.orders: not true that amount > 0.";

    @TempDir
    Path folder;

    private Faults faults = Faults.none();
    private FlowLake lake;
    private Updates updates;

    @BeforeEach
    void aLakeWithARowThatIsRefused() {
        FaultyStorage storage = new FaultyStorage(new LocalStorage(folder.resolve("lake")), call -> faults.at(call));
        lake = new FlowLake(storage, folder.resolve("workspace"), Clock.systemUTC(), Pause.real());
        updates = another();
        lake.arrive(rows("(1, -1)"));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** As another process would begin. */
    private Updates another() {
        return new Updates(lake.lake, ZoneId.of("UTC"), MOST, Pause.real());
    }

    private void fails(Updates who) {
        assertThatThrownBy(() -> who.run(REFUSED)).isInstanceOf(TarnException.class);
    }

    private List<Attempts> failing() {
        return new FailedAttempts(lake.lake.storage()).all(Kind.UPDATE);
    }

    private long runs() {
        return new EventLog(lake.lake).recent(100).size();
    }

    @Test
    void itIsTriedAFewTimesByWhomeverAndThenNoMore() {
        fails(updates);
        fails(another());
        fails(updates);

        UpdateOutcome aside =
                new UpdateOutcome.SetAside(MOST, new UpdateRecord.Failure(ErrorCode.EXPECTATION_FAILED, WHAT, mend()));
        assertThat(updates.run(REFUSED)).isEqualTo(aside);
        assertThat(another().wake(REFUSED, new TableCommitted(BRONZE, 1))).isEqualTo(aside);
        assertThat(runs()).isEqualTo(MOST);
        Attempts known = failing().get(0);
        assertThat(known.count()).isEqualTo(MOST);
        assertThat(known.failure().what()).isEqualTo(WHAT);
        assertThat(known.update())
                .isEqualTo(new EventLog(lake.lake).recent(1).get(0).id().toString());
    }

    private static String mend() {
        return "silver.orders and the tables after it stay as they were (version 0). Mend the rows in the source, or"
                + " change the expectation.";
    }

    @Test
    void newInputIsTriedAgain() {
        for (int attempt = 0; attempt < MOST; attempt++) {
            fails(updates);
        }
        lake.arrive(rows("(2, 2)"));

        fails(updates);

        assertThat(failing()).extracting(Attempts::count).containsExactly(1);
    }

    @Test
    void anotherDefinitionOfTheFlowIsTriedAndForgetsTheFailures() {
        for (int attempt = 0; attempt < MOST; attempt++) {
            fails(updates);
        }

        assertThat(updates.run(MENDED)).isInstanceOf(UpdateOutcome.Completed.class);

        assertThat(failing()).isEmpty();
        assertThat(lake.read(SILVER)).containsExactly("1|-1.00");
    }

    @Test
    void whoAsksForItTriesAgain() {
        for (int attempt = 0; attempt < MOST; attempt++) {
            fails(updates);
        }
        assertThat(updates.run(REFUSED)).isInstanceOf(UpdateOutcome.SetAside.class);

        another().tryAgain(REFUSED);

        fails(updates);
        assertThat(failing()).extracting(Attempts::count).containsExactly(1);
    }

    @Test
    void aStorageThatFailsSetsNothingAside() {
        faults = Faults.every(Faults.calls(Operation.LIST, "silver/.*"), new Fault.Fail(Moment.BEFORE));
        for (int attempt = 0; attempt <= MOST; attempt++) {
            assertThatThrownBy(() -> updates.run(MENDED)).isInstanceOf(UncheckedIOException.class);
        }
        faults = Faults.none();

        assertThat(updates.run(MENDED)).isInstanceOf(UpdateOutcome.Completed.class);
    }

    @Test
    void aSourceThatIsAnotherTableIsSetAsideToo() {
        updates.run(MENDED);
        lake.lake.table(BRONZE).drop();
        lake.arrive(rows("(1, 1)"));
        lake.arrive(rows("(2, 2)"));

        for (int attempt = 0; attempt < MOST; attempt++) {
            assertThatThrownBy(() -> updates.run(MENDED)).isInstanceOf(TarnException.class);
        }

        assertThat(updates.run(MENDED)).isInstanceOf(UpdateOutcome.SetAside.class);
        assertThat(failing().get(0).failure().code()).isEqualTo(ErrorCode.SOURCE_RECREATED);
        assertThat(updates.refresh(MENDED)).isInstanceOf(UpdateOutcome.Completed.class);
        assertThat(failing()).isEmpty();
    }

    @Test
    void othersGoOnAndTheEventIsNotDeliveredAgain() throws Exception {
        Flow other = new Flow(
                "gold.total",
                FlowLake.total().dataset(),
                FlowLake.total().effect(),
                List.of(new Flow.Input(BRONZE, Flow.Reading.WHOLE)),
                "SELECT count(*) AS orders, CAST(sum(amount) AS DECIMAL(28,2)) AS total FROM \"bronze.orders\"",
                List.of(),
                List.of(),
                "counted",
                FlowLake.total().position());
        new PlanStore(lake.lake.storage())
                .deploy(new Plan(
                        "0123456789abcdef",
                        "orders",
                        ZoneId.of("UTC"),
                        List.of(REFUSED, other),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new dev.tarn.model.Operation("prod", dev.tarn.model.Operation.FRESHNESS, 1, null)));
        Wakes wakes = new Wakes(lake.lake);
        List<String> ran = new ArrayList<>();

        assertThatThrownBy(() -> wakes.wake(
                        new TableCommitted(BRONZE, 1),
                        () -> false,
                        (flow, outcome) ->
                                ran.add(flow.id() + " " + outcome.getClass().getSimpleName())))
                .isInstanceOf(TarnException.class);
        wakes.wake(
                new TableCommitted(BRONZE, 1),
                () -> false,
                (flow, outcome) -> ran.add(flow.id() + " " + outcome.getClass().getSimpleName()));

        assertThat(ran).containsExactly("gold.total Completed", "silver.orders SetAside", "gold.total NothingNew");
        assertThat(lake.read(TableName.parse("gold.total"))).containsExactly("1|-1.00");
    }

    @Test
    void aCountThatCannotBeReadCountsAsNone() throws Exception {
        for (int attempt = 0; attempt < MOST; attempt++) {
            fails(updates);
        }
        String path = "tarn/attempts/update/silver.orders.json";
        for (String content : List.of("not json", "[]", "{\"v\":2,\"later\":true}", "{\"v\":1,\"surprise\":true}")) {
            lake.lake.storage().put(path, content.getBytes(StandardCharsets.UTF_8));
            assertThat(failing()).as(content).isEmpty();
        }

        fails(updates);

        assertThat(failing()).extracting(Attempts::count).containsExactly(1);
    }
}
