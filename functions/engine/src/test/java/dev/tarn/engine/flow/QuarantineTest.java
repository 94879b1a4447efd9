package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.expectation;
import static dev.tarn.engine.flow.FlowLake.rows;
import static dev.tarn.engine.flow.FlowLake.stream;
import static dev.tarn.engine.flow.FlowLake.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that expectations keep aside, and how they come back. */
class QuarantineTest {

    private static final Expectation POSITIVE = expectation("positive", "amount > 0", OnViolation.QUARANTINE);
    private static final Expectation SMALL = expectation("small", "amount < 100", OnViolation.QUARANTINE);
    private static final Expectation EVEN = expectation("even", "id % 2 = 0", OnViolation.WARN);
    private static final Expectation KNOWN = expectation("known", "id < 90", OnViolation.DROP_ROW);

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private FlowLake lake;

    @BeforeEach
    void open() {
        lake = new FlowLake(folder);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** {@code id|amount|broken}, in order. */
    private List<String> aside(FlowLake from) {
        try (Session session = from.lake.duckDb().session()) {
            return session.query(
                    "SELECT id, amount, array_to_string(_tarn_broken, '+'), _tarn_update FROM "
                            + from.snapshot(SILVER.quarantine()).scan(session) + " ORDER BY ALL",
                    row -> row.getString(1) + "|" + row.getString(2) + "|" + row.getString(3) + "|" + row.getString(4));
        }
    }

    @Test
    void rowsAreKeptAsideWithTheNamesOfWhatTheyBreak() {
        lake.arrive(rows("(1, 1), (2, -2), (3, 300), (4, NULL), (92, -5), (93, 5)"));
        UpdateOutcome.Completed outcome =
                (UpdateOutcome.Completed) lake.updates.run(stream(POSITIVE, SMALL, EVEN, KNOWN));
        assertThat(lake.read(SILVER)).containsExactly("1|1.00");
        assertThat(aside(lake))
                .containsExactly(
                        "2|-2.00|positive|0",
                        "3|300.00|small+even|0",
                        "4|null|positive+small|0",
                        "92|-5.00|positive+known|0");
        assertThat(outcome.stats().rowsDropped()).isEqualTo(5);
        assertThat(outcome.stats().expectations())
                .extracting(count -> count.name() + " " + count.passed() + " " + count.failed())
                .containsExactly("positive 3 3", "small 4 2", "even 3 3", "known 4 2");
    }

    @Test
    void everyUpdateAddsItsOwn() {
        lake.arrive(rows("(1, -1)"));
        lake.updates.run(stream(POSITIVE));
        lake.arrive(rows("(2, -2), (3, 3)"));
        lake.updates.run(stream(POSITIVE));
        assertThat(aside(lake)).containsExactly("1|-1.00|positive|0", "2|-2.00|positive|1");
        assertThat(lake.read(SILVER)).containsExactly("3|3.00");
    }

    @Test
    void aViewKeepsAsideWhatItsRowsBreakNow() {
        lake.arrive(rows("(1, -1)"));
        lake.updates.run(view(POSITIVE));
        lake.arrive(rows("(2, -2), (3, 3)"));
        lake.updates.run(view(POSITIVE));
        assertThat(aside(lake)).containsExactly("1|-1.00|positive|1", "2|-2.00|positive|1");
    }

    @Test
    void aTableIsDroppedWithItsQuarantineAndNotWithAnotherTableOfThatName() {
        lake.arrive(rows("(1, -1), (3, 3)"));
        lake.updates.run(stream(POSITIVE));
        lake.lake
                .table(BRONZE.quarantine())
                .create(TableDefinition.of(lake.snapshot(BRONZE).schema()));
        FilledTable.drop(lake.lake, SILVER);
        FilledTable.drop(lake.lake, BRONZE);
        assertThat(lake.lake.table(SILVER).snapshot()).isEmpty();
        assertThat(lake.lake.table(SILVER.quarantine()).snapshot()).isEmpty();
        assertThat(lake.lake.table(BRONZE).snapshot()).isEmpty();
        assertThat(lake.lake.table(BRONZE.quarantine()).snapshot()).isPresent();
    }

    @Test
    void rowsThatKeepTheMendedExpectationsComeBackOnce() {
        lake.arrive(rows("(1, -1), (2, -20), (3, 3)"));
        lake.updates.run(stream(POSITIVE));
        Expectation mended = expectation("positive", "amount > -10", OnViolation.QUARANTINE);
        assertThat(lake.updates.replayQuarantine(stream(mended))).isEqualTo(OptionalLong.of(1));
        assertThat(lake.read(SILVER)).containsExactly("1|-1.00", "3|3.00");
        assertThat(aside(lake)).containsExactly("2|-20.00|positive|0");
        assertThat(lake.updates.replayQuarantine(stream(mended))).isEqualTo(OptionalLong.of(0));
        lake.arrive(rows("(4, 4)"));
        lake.updates.run(stream(mended));
        assertThat(lake.read(SILVER)).containsExactly("1|-1.00", "3|3.00", "4|4.00");
    }

    @Test
    void aViewNeedsNoReplay() {
        lake.arrive(rows("(1, -1)"));
        lake.updates.run(view(POSITIVE));
        assertThatThrownBy(() -> lake.updates.replayQuarantine(view(POSITIVE)))
                .hasMessage(
                        "pipelines/silver_orders.sql:3:1  REPLAY_REFUSED  Rows that were kept out of silver.orders need no"
                                + " replay: it is a materialized view.\n    Its next update judges all rows anew: tarn update"
                                + " silver.orders.");
    }

    private interface Work {
        void on(FlowLake lake);
    }

    /** Fails after every single change of the lake, and is done again. */
    private void failEverywhere(Work before, Work work, Work check) throws IOException {
        for (long change = 0; ; change++) {
            Path root = folder.resolve("failing-" + change);
            try (FlowLake calm = open(root, Faults.none())) {
                before.on(calm);
            }
            AtomicLong seen = new AtomicLong();
            Faults counting = call -> {
                seen.addAndGet(call.operation().isChange() ? 1 : 0);
                return Optional.empty();
            };
            Faults fault = Faults.nth(change, call -> call.operation().isChange(), new Fault.Fail(Fault.Moment.AFTER));
            try (FlowLake failing = open(root, fault.or(counting))) {
                work.on(failing);
            } catch (UncheckedIOException | TarnException failed) {
                assertThat(failed).isNotNull();
            }
            if (seen.get() <= change) {
                assertThat(change).as("changes of the lake").isPositive();
                return;
            }
            try (FlowLake again = open(root, Faults.none())) {
                work.on(again);
                check.on(again);
            }
        }
    }

    private FlowLake open(Path root, Faults faults) throws IOException {
        return new FlowLake(
                new FaultyStorage(new LocalStorage(root), faults, "process"),
                Files.createTempDirectory(folder, "workspace"),
                Clock.systemUTC(),
                Pause.real());
    }

    @Test
    void rowsOfAnUpdateThatFailedAnywhereAreKeptAsideOnce() throws IOException {
        Flow flow = stream(POSITIVE);
        failEverywhere(
                calm -> {
                    calm.arrive(rows("(1, -1)"));
                    calm.updates.run(flow);
                    calm.arrive(rows("(2, -2), (3, 3)"));
                },
                any -> any.updates.run(flow),
                again -> {
                    assertThat(again.read(SILVER)).containsExactly("3|3.00");
                    assertThat(aside(again)).containsExactly("1|-1.00|positive|0", "2|-2.00|positive|1");
                });
    }

    @Test
    void rowsOfAReplayThatFailedAnywhereComeBackOnce() throws IOException {
        Flow mended = stream(expectation("positive", "amount > -10", OnViolation.QUARANTINE));
        failEverywhere(
                calm -> {
                    calm.arrive(rows("(1, -1), (2, -20), (3, 3)"));
                    calm.updates.run(stream(POSITIVE));
                },
                any -> any.updates.replayQuarantine(mended),
                again -> {
                    assertThat(again.read(SILVER)).containsExactly("1|-1.00", "3|3.00");
                    assertThat(aside(again)).containsExactly("2|-20.00|positive|0");
                });
    }
}
