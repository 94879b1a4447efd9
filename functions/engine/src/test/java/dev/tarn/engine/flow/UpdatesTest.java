package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.GOLD;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.expectation;
import static dev.tarn.engine.flow.FlowLake.rows;
import static dev.tarn.engine.flow.FlowLake.stream;
import static dev.tarn.engine.flow.FlowLake.total;
import static dev.tarn.engine.flow.FlowLake.view;
import static dev.tarn.model.Expectation.OnViolation.DROP_ROW;
import static dev.tarn.model.Expectation.OnViolation.FAIL_UPDATE;
import static dev.tarn.model.Expectation.OnViolation.WARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdatesTest {

    @TempDir
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

    @Test
    void aViewEqualsItsQueryOverTheSourcesAsTheyAre() {
        lake.arrive(rows("(1, 10), (0, 99)"));
        lake.updates.run(view());
        lake.arrive(rows("(2, 20.5)"));

        UpdateOutcome outcome = lake.updates.run(view());

        assertThat(outcome).isInstanceOf(UpdateOutcome.Completed.class);
        assertThat(lake.read(SILVER)).containsExactly("1|10.00", "2|20.50");
    }

    @Test
    void aStreamReadsEveryNewRowOnce() {
        lake.arrive(rows("(1, 10), (2, 20)"));
        lake.updates.run(stream());
        lake.arrive(rows("(3, 30)"));
        lake.arrive(rows("(4, 40)"));

        UpdateOutcome outcome = lake.updates.run(stream());

        assertThat(((UpdateOutcome.Completed) outcome).stats().rowsRead()).isEqualTo(2);
        assertThat(lake.read(SILVER)).containsExactly("1|10.00", "2|20.00", "3|30.00", "4|40.00");
    }

    @Test
    void aFlowWaitsForTablesThatAreNotThereYet() {
        assertThat(lake.updates.run(view())).isEqualTo(new UpdateOutcome.Waiting(List.of(BRONZE)));
    }

    @Test
    void aFlowWaitsForATableThatWasMadeAndNeverFilled() {
        lake.make();
        assertThat(lake.updates.run(view())).isEqualTo(new UpdateOutcome.Waiting(List.of(BRONZE)));

        lake.arrive(rows("(1, 1)") + " WHERE false");

        assertThat(lake.updates.run(view())).isInstanceOf(UpdateOutcome.Completed.class);
        assertThat(lake.read(SILVER)).isEmpty();
    }

    @Test
    void runningAgainCommitsNothing() {
        lake.arrive(rows("(1, 10)"));
        lake.updates.run(view());
        long version = lake.snapshot(SILVER).version();

        UpdateOutcome again = lake.updates.run(view());

        assertThat(again).isEqualTo(new UpdateOutcome.NothingNew());
        assertThat(lake.snapshot(SILVER).version()).isEqualTo(version);
    }

    @Test
    void aViewWhoseResultDidNotChangeMakesNoCommitAndIsNotComputedAgain() {
        lake.arrive(rows("(1, 10)"));
        lake.updates.run(view());
        long version = lake.snapshot(SILVER).version();
        lake.arrive(rows("(0, 77)"));

        assertThat(lake.updates.run(view())).isInstanceOf(UpdateOutcome.Unchanged.class);
        assertThat(lake.updates.run(view())).isEqualTo(new UpdateOutcome.NothingNew());
        assertThat(lake.snapshot(SILVER).version()).isEqualTo(version);
    }

    @Test
    void aRowThatChangesWhileTheNumberOfRowsStaysIsSeen() {
        lake.arrive(rows("(1, 10), (2, 20)"));
        lake.updates.run(view());
        lake.updates.run(total());
        Flow doubled = changedTo("SELECT id, CAST(amount * 2 AS DECIMAL(18,2)) AS amount FROM \"bronze.orders\"");

        lake.updates.run(doubled);
        lake.updates.run(total());

        assertThat(lake.read(GOLD)).containsExactly("2|60.00");
    }

    @Test
    void aRowThatIsGoneIsSeen() {
        lake.arrive(rows("(1, 10), (2, 20)"));
        lake.updates.run(view());

        lake.updates.run(changedTo("SELECT id, amount FROM \"bronze.orders\" WHERE id = 1"));

        assertThat(lake.read(SILVER)).containsExactly("1|10.00");
    }

    private static Flow changedTo(String sql) {
        Flow view = view();
        return new Flow(
                view.id(),
                view.dataset(),
                view.effect(),
                view.inputs(),
                sql,
                view.expectations(),
                List.of(),
                "changed",
                view.position());
    }

    @Test
    void everyExpectationIsCountedInTheOnePass() {
        lake.arrive(rows("(1, 10), (2, -5), (3, NULL), (NULL, 4), (4, -1), (0, -9)"));

        UpdateOutcome outcome = lake.updates.run(view(
                expectation("positive", "amount > 0", WARN),
                expectation("known_amount", "amount IS NOT NULL", DROP_ROW),
                expectation("below_100", "amount < 100", WARN)));

        assertThat(((UpdateOutcome.Completed) outcome).stats().expectations())
                .containsExactly(
                        new ExpectationCount("silver.orders", "positive", WARN, 1, 3),
                        new ExpectationCount("silver.orders", "known_amount", DROP_ROW, 3, 1),
                        new ExpectationCount("silver.orders", "below_100", WARN, 3, 1));
        assertThat(((UpdateOutcome.Completed) outcome).stats().rowsDropped()).isEqualTo(1);
        assertThat(lake.read(SILVER)).containsExactly("1|10.00", "2|-5.00", "4|-1.00");
    }

    @Test
    void anExpectationThatFailsTheUpdateLeavesTheTableAsItWas() throws IOException {
        lake.arrive(rows("(1, 10)"));
        Flow flow = view(expectation("positive", "amount > 0", FAIL_UPDATE));
        lake.updates.run(flow);
        long version = lake.snapshot(SILVER).version();
        long files = filesOf("silver/orders");
        lake.arrive(rows("(2, -1), (3, NULL), (4, 40)"));

        assertThatThrownBy(() -> lake.updates.run(flow))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXPECTATION_FAILED))
                .hasMessage("pipelines/silver_orders.sql:2:3  EXPECTATION_FAILED  positive failed for 2 of 4 rows of "
                        + "silver.orders: not true that amount > 0.\n"
                        + "    silver.orders and the tables after it stay as they were (version 1). Mend the rows in the "
                        + "source, or change the expectation.");

        assertThat(lake.snapshot(SILVER).version()).isEqualTo(version);
        assertThat(filesOf("silver/orders")).isEqualTo(files);
        UpdateRecord told = new EventLog(lake.lake).recent(1).get(0);
        assertThat(told.completed()).isFalse();
        assertThat(told.stats().expectations())
                .containsExactly(new ExpectationCount("silver.orders", "positive", FAIL_UPDATE, 2, 2));
    }

    @Test
    void aFailureIsToldToBeOverWhenTheMendedFlowFindsItsTableAsItShouldBe() {
        lake.arrive(rows("(1, 10)"));
        lake.updates.run(view());
        lake.arrive(rows("(0, 77)"));
        Flow failing = view(expectation("impossible", "id > 1", FAIL_UPDATE));
        assertThatThrownBy(() -> lake.updates.run(failing)).isInstanceOf(TarnException.class);
        assertThat(new EventLog(lake.lake).lastFailed("silver.orders")).isTrue();

        UpdateOutcome outcome = lake.updates.run(view());

        assertThat(outcome).isInstanceOf(UpdateOutcome.Unchanged.class);
        assertThat(new EventLog(lake.lake).lastFailed("silver.orders")).isFalse();
    }

    @Test
    void aDamagedSourceIsToldByItsFile() throws Exception {
        lake.arrive(rows("(1, 10)"));
        String path = lake.snapshot(BRONZE).files().get(0).path();
        Files.write(folder.resolve("lake").resolve(path), new byte[100]);

        assertThatThrownBy(() -> lake.updates.run(view()))
                .isInstanceOf(TarnException.class)
                .hasMessage("LAKE_DAMAGED  Version 1 of bronze.orders cannot be read: its data file " + path
                        + " is damaged (Invalid Input Error).\n    Restore the file from a backup.");
        assertThat(new EventLog(lake.lake).lastFailed("silver.orders")).isTrue();
        assertThat(lake.read(SILVER)).isEmpty();
    }

    @Test
    void aQueryThatFailsOnItsRowsIsToldWithoutTheirValues() {
        lake.arrive(rows("(1, 10)"));
        Flow flow = changedTo("SELECT CAST('secret-' || id AS INTEGER) AS id, amount FROM \"bronze.orders\"");

        assertThatThrownBy(() -> lake.updates.run(flow))
                .hasMessage(
                        "pipelines/silver_orders.sql:3:1  UPDATE_FAILED  The query of silver.orders failed on the rows "
                                + "it met: Conversion Error.\n"
                                + "    Run again with --stacktrace to see the database's own words, which may show values; "
                                + "silver.orders is as it was.");
    }

    @Test
    void aStreamWhoseRowsAreAllDroppedRemembersThatItReadThem() {
        lake.arrive(rows("(1, -10)"));
        Flow flow = stream(expectation("positive", "amount > 0", DROP_ROW));

        UpdateOutcome first = lake.updates.run(flow);
        UpdateOutcome second = lake.updates.run(flow);

        assertThat(((UpdateOutcome.Completed) first).stats().rowsDropped()).isEqualTo(1);
        assertThat(second).isEqualTo(new UpdateOutcome.NothingNew());
        assertThat(lake.read(SILVER)).isEmpty();
    }

    @Test
    void aStreamRefusesASourceThatWasMadeAnew() throws IOException {
        lake.arrive(rows("(1, 10)"));
        lake.updates.run(stream());
        delete(folder.resolve("lake/bronze/orders"));
        lake.arrive(rows("(2, 20)"));

        assertThatThrownBy(() -> lake.updates.run(stream()))
                .hasMessage(
                        "pipelines/silver_orders.sql:3:1  SOURCE_RECREATED  bronze.orders is not the table that "
                                + "silver.orders has read so far: it was made anew.\n"
                                + "    Make it anew from what its sources have now with tarn update silver.orders --full-refresh.");
        lake.updates.refresh(stream());
        assertThat(lake.read(SILVER)).containsExactly("2|20.00");
        assertThat(lake.updates.run(stream())).isInstanceOf(UpdateOutcome.NothingNew.class);
    }

    @Test
    void whoFindsTheLeaseTakenLeaves() throws IOException {
        lake.arrive(rows("(1, 10)"));
        Lease held =
                lake.lake.storage().lease(EventLog.leasePath("silver.orders")).orElseThrow();
        assertThat(lake.updates.run(view())).isEqualTo(new UpdateOutcome.Busy());

        held.close();

        assertThat(lake.updates.run(view())).isInstanceOf(UpdateOutcome.Completed.class);
    }

    @Test
    void anUpdateThatWasPlannedBeforeAnotherCommitBringsNothing() {
        lake.arrive(rows("(1, 10)"));
        lake.updates.run(stream());
        lake.arrive(rows("(2, 20)"));
        Seen seen = new Seen(
                lake.snapshot(SILVER).version(),
                lake.snapshot(SILVER).progress("silver.orders").orElseThrow());
        Update late = new Update(
                lake.lake,
                ZoneId.of("UTC"),
                new EventLog(lake.lake),
                stream(),
                FlowInputs.newest(lake.lake, stream()),
                false);
        lake.updates.run(stream());

        assertThat(late.run(seen)).isEmpty();

        assertThat(lake.read(SILVER)).containsExactly("1|10.00", "2|20.00");
    }

    @Test
    void racingUpdatesFromTwoProcessesWorthOfLakesReadEveryRowOnce() throws Exception {
        int batches = 12;
        try (FlowLake other = new FlowLake(folder, "other-workspace")) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<Void>> work = new ArrayList<>();
                for (int batch = 1; batch <= batches; batch++) {
                    int id = batch;
                    work.add(() -> {
                        lake.arrive(rows("(" + id + ", 1)"));
                        lake.updates.run(stream());
                        return null;
                    });
                    work.add(() -> {
                        other.updates.run(stream());
                        return null;
                    });
                }
                for (Future<Void> future : threads.invokeAll(work)) {
                    future.get();
                }
            } finally {
                threads.shutdown();
            }
        }
        lake.updates.run(stream());

        assertThat(lake.read(SILVER)).hasSize(batches).doesNotHaveDuplicates();
    }

    private long filesOf(String table) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("lake").resolve(table))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
