package dev.tarn.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

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
    void aFoldedRecordIsToldFromItsBeginningToItsEnd() {
        UpdateRecord update = update(lake.newUpdateId(), null);
        log.record(update);
        commit(update.id());

        assertThat(log.fold()).isEqualTo(1);

        assertThat(query(
                        "SELECT event_type || ' ' || level || ' ' || message || ' ' || sequence.data_plane_id.seq_no FROM ",
                        "ORDER BY sequence.data_plane_id.seq_no"))
                .containsExactly(
                        "create_update INFO Update " + update.id() + " of silver.orders was created. 0",
                        "update_progress INFO Update " + update.id() + " is RUNNING. 3",
                        "flow_progress INFO Flow 'silver.orders' is RUNNING. 5",
                        "flow_progress WARN silver.orders: 9 rows written, 1 dropped 6",
                        "update_progress INFO Update " + update.id() + " is COMPLETED. 7");
        assertThat(log.recent(10)).containsExactly(update.committedAs(1));
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

        assertThat(query("SELECT id FROM ", "WHERE id = origin.update_id"))
                .containsExactly(update.id().toString());
        assertThat(query("SELECT count(*)::VARCHAR FROM ", "")).containsExactly("5");
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
        assertThat(query("SELECT event_type || ' ' || level FROM ", "WHERE level <> 'INFO' ORDER BY event_type"))
                .containsExactly("flow_progress ERROR", "update_progress ERROR");
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
                        List.of(new ExpectationCount(
                                "silver.orders", "positive", Expectation.OnViolation.DROP_ROW, 9, 1)),
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

    private List<String> query(String select, String rest) {
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    select + lake.table(EventLog.TABLE).snapshot().orElseThrow().scan(session) + " " + rest,
                    row -> row.getString(1));
        }
    }
}
