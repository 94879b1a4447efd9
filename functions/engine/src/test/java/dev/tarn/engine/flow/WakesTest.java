package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.GOLD;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.expectation;
import static dev.tarn.engine.flow.FlowLake.rows;
import static dev.tarn.engine.flow.FlowLake.stream;
import static dev.tarn.engine.flow.FlowLake.total;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Fault.Moment;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.StorageCall;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WakesTest {

    @TempDir
    Path folder;

    private final DrivenTime time = new DrivenTime();
    private final List<String> plansRead = new ArrayList<>();
    private final List<String> ran = new ArrayList<>();
    private Faults faults = Faults.none();
    private FlowLake lake;
    private Wakes wakes;

    @BeforeEach
    void open() {
        FaultyStorage storage = new FaultyStorage(new LocalStorage(folder.resolve("lake")), this::at);
        lake = new FlowLake(storage, folder.resolve("workspace"), time, time);
        wakes = new Wakes(lake.lake, time);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private Optional<Fault> at(StorageCall call) {
        if (call.operation() == Operation.READ && call.path().startsWith("tarn/plans/")) {
            plansRead.add(call.path().substring("tarn/plans/".length()));
        }
        return faults.at(call);
    }

    private void deploy(String hash, Flow... flows) throws IOException {
        new PlanStore(lake.lake.storage())
                .deploy(new Plan(hash, "orders", ZoneId.of("UTC"), List.of(flows), List.of(), List.of()));
    }

    private void wake(long version) {
        ran.clear();
        wakes.wake(new TableCommitted(BRONZE, version), () -> false, (flow, outcome) -> ran.add(flow.id()));
    }

    @Test
    void aPlanIsReadOnceAndItsPointerNowAndThen() throws IOException {
        deploy("0123456789abcdef", stream());
        long version = lake.arrive(rows("(1, 1)"));

        wake(version);
        wake(version);
        time.pass(Wakes.PLAN_AGE);
        wake(version);

        assertThat(plansRead).containsExactly("current", "0123456789abcdef.json", "current");
    }

    @Test
    void aPlanThatIsDeployedLaterIsNoticed() throws IOException {
        deploy("0123456789abcdef", stream());
        long version = lake.arrive(rows("(1, 1)"));
        wake(version);
        deploy("fedcba9876543210");

        time.pass(Wakes.PLAN_AGE.minus(Duration.ofMillis(1)));
        wake(version);
        assertThat(ran).containsExactly("silver.orders");

        time.pass(Duration.ofMillis(1));
        wake(version);
        assertThat(ran).isEmpty();
    }

    @Test
    void aStorageThatFailsOneFlowDoesNotKeepTheOthersFromRunning() throws IOException {
        Flow refused = FlowLake.silver(
                Dataset.Kind.STREAMING_TABLE, "refused", expectation("small", "id < 0", OnViolation.FAIL_UPDATE));
        Flow counted = new Flow(
                "gold.total",
                Dataset.of(GOLD, Dataset.Kind.MATERIALIZED_VIEW, total().schema(), total().position()),
                new Effect.Replace(),
                List.of(new Flow.Input(BRONZE, Flow.Reading.WHOLE)),
                "SELECT count(*) AS orders, CAST(sum(amount) AS DECIMAL(28,2)) AS total FROM \"bronze.orders\"",
                List.of(),
                List.of(),
                "counted",
                total().position());
        deploy("0123456789abcdef", refused, counted);
        long version = lake.arrive(rows("(1, 1)"));

        assertThatThrownBy(() -> wake(version)).isInstanceOf(TarnException.class);
        assertThat(ran).containsExactly("gold.total");

        long next = lake.arrive(rows("(2, 2)"));
        faults = Faults.every(Faults.calls(Operation.LIST, "silver/.*"), new Fault.Fail(Moment.BEFORE));
        assertThatThrownBy(() -> wake(next)).isInstanceOf(UncheckedIOException.class);
        assertThat(ran).containsExactly("gold.total");
        assertThat(lake.read(GOLD)).containsExactly("2|3.00");
        faults = Faults.none();
        assertThat(lake.snapshot(SILVER).numRecords()).isZero();
    }
}
