package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

    private static final TableName TABLE = TableName.parse("silver.orders");

    @TempDir
    Path folder;

    private Lake lake;
    private EventLog log;

    @BeforeEach
    void open() {
        Budget budget = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 64L << 20, 2);
        lake = Lake.open(
                new LocalStorage(folder.resolve("lake")),
                DuckDb.open(budget, folder.resolve("workspace")),
                Clock.systemUTC());
        log = new EventLog(lake);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void foldedRecordsAreRowsInLakeflowsForm() {
        UpdateRecord update = update(lake.newUpdateId(), null);
        log.record(update);
        commit(update.id());

        assertThat(log.fold()).isEqualTo(1);

        assertThat(query("SELECT event_type || ' ' || level || ' ' || message FROM "))
                .containsExactly("flow_progress WARN silver.orders: 9 rows written, 1 dropped");
        assertThat(query("SELECT details->>'$.flow_progress.status' || ' ' || "
                        + "(details->>'$.flow_progress.metrics.num_output_rows') || ' ' || "
                        + "(details->>'$.flow_progress.data_quality.expectations[0].failed_records') FROM "))
                .containsExactly("COMPLETED 9 1");
        assertThat(log.recent(10)).containsExactly(update);
    }

    @Test
    void foldingAgainMovesNothingTwice() {
        UpdateRecord update = update(lake.newUpdateId(), null);
        log.record(update);
        commit(update.id());
        log.fold();
        // A crash came between the fold's commit and the clearing of its records.
        log.record(update);

        log.fold();

        assertThat(query("SELECT id FROM ")).containsExactly(update.id().toString());
        assertThat(log.fold()).isZero();
    }

    @Test
    void aRecordWithoutItsCommitIsFoldedAsFailed() {
        log.record(update(lake.newUpdateId(), null));
        assertThat(log.recent(10)).isEmpty();

        log.fold();

        UpdateRecord told = log.recent(10).get(0);
        assertThat(told.failure())
                .isEqualTo(new UpdateRecord.Failure(
                        ErrorCode.UPDATE_FAILED,
                        "The update was interrupted before its commit.",
                        "Nothing: the next update does its work."));
        assertThat(query("SELECT level FROM ")).containsExactly("ERROR");
    }

    @Test
    void aRecordWhoseFlowIsRunningWaits() throws IOException {
        UpdateRecord update = update(lake.newUpdateId(), null);
        log.record(update);
        Lease running = lake.storage().lease(EventLog.leasePath(update.flow())).orElseThrow();
        assertThat(log.fold()).isZero();

        running.close();

        assertThat(log.fold()).isEqualTo(1);
    }

    @Test
    void theNewestComesFirstWhetherFoldedOrNot() {
        UpdateRecord first = failed();
        UpdateRecord second = failed();
        UpdateRecord third = failed();
        log.record(second);
        log.record(first);
        log.fold();
        log.record(third);

        assertThat(log.recent(2)).containsExactly(third, second);
    }

    @Test
    void theRecordOfVersionOneIsStillRead() throws IOException {
        try (InputStream stored = EventLogTest.class.getResourceAsStream("/formats/event-v1.json")) {
            UpdateRecord read = UpdateRecordJson.read(stored.readAllBytes());

            assertThat(read).isEqualTo(update(UpdateId.parse("019aaaaa-0000-7000-8000-000000000001"), null));
        }
    }

    @Test
    void whatAnUpdateFetchedIsKept() {
        UpdateRecord told = update(lake.newUpdateId(), null);
        UpdateStats stats = new UpdateStats(12, 9, 1, 4_711, List.of(), Duration.ofMillis(250));
        UpdateRecord fetched =
                new UpdateRecord(told.id(), told.kind(), told.flow(), TABLE, 0, true, told.started(), stats, null);

        assertThat(UpdateRecordJson.read(UpdateRecordJson.write(fetched))).isEqualTo(fetched);
    }

    @Test
    void aNewerRecordIsRefused() {
        assertThatThrownBy(() -> UpdateRecordJson.read("{\"v\":2}".getBytes(UTF_8)))
                .hasMessage(
                        "LAKE_FORMAT_NEWER  An event record of the lake has version 2; this version of Tarn knows up "
                                + "to 1.\n    Use the newer Tarn that wrote it.");
    }

    private UpdateRecord failed() {
        return update(
                lake.newUpdateId(), new UpdateRecord.Failure(ErrorCode.EXPECTATION_FAILED, "It failed.", "Mend it."));
    }

    private static UpdateRecord update(UpdateId id, UpdateRecord.@Nullable Failure failure) {
        return new UpdateRecord(
                id,
                UpdateRecord.Kind.UPDATE,
                "silver.orders",
                TABLE,
                0,
                true,
                Instant.parse("2026-11-22T10:00:00Z"),
                new UpdateStats(
                        12,
                        9,
                        1,
                        0,
                        List.of(new ExpectationCount("positive", Expectation.OnViolation.DROP_ROW, 9, 1)),
                        Duration.ofMillis(250)),
                failure);
    }

    private void commit(UpdateId id) {
        DeltaTable table = lake.table(TABLE);
        TableSnapshot base = table.create(new TableDefinition(
                new TableSchema(List.of(new Column("id", DataType.Simple.INT))), List.of(), "", Map.of()));
        try (Session session = lake.duckDb().session()) {
            table.commit(
                    table.append(session, base, "SELECT 1::INTEGER AS id"),
                    CommitRequest.ofFlow(
                            "silver.orders", 0, new FlowProgress("-", List.of()), id, "WRITE", Map.of(), Map.of()));
        }
    }

    private List<String> query(String select) {
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    select + lake.table(EventLog.TABLE).snapshot().orElseThrow().scan(session),
                    row -> row.getString(1));
        }
    }
}
