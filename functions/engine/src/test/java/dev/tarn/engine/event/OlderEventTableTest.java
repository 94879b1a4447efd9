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
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.InjectedFaultException;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake whose history was written when the columns of the event log were texts. */
class OlderEventTableTest {

    private static final Budget BUDGET = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 64L << 20, 2);
    private static final TableSchema TEXTS = new TableSchema(Stream.of(
                    "id",
                    "sequence",
                    "origin",
                    "timestamp",
                    "message",
                    "level",
                    "maturity_level",
                    "error",
                    "details",
                    "event_type")
            .map(name ->
                    new Column(name, name.equals("timestamp") ? DataType.Simple.TIMESTAMP : DataType.Simple.STRING))
            .toList());
    private static final String ROW =
            """
            SELECT '%1$s' AS id, '{}' AS sequence, '{}' AS origin, TIMESTAMPTZ '2026-11-22 10:00:00+00' AS timestamp,
            'told' AS message, 'INFO' AS level, 'EVOLVING' AS maturity_level, NULL::VARCHAR AS error,
            '{"flow_progress":{"status":"COMPLETED"},"tarn":{"v":1,"id":"%1$s","kind":"UPDATE","flow":"silver.orders",
            "table":"silver.orders","baseVersion":0,"commits":true,"started":"2026-11-22T10:00:00Z","stats":{"rowsRead":12,
            "rowsWritten":9,"rowsDropped":1,"expectations":[{"name":"positive","onViolation":"DROP_ROW","passed":9,
            "failed":1}],"took":"PT0.25S"}}}' AS details, 'flow_progress' AS event_type""";

    @TempDir
    Path folder;

    private int processes;

    private Lake open(Storage storage) {
        return Lake.open(storage, DuckDb.open(BUDGET, folder.resolve("process-" + processes++)), Clock.systemUTC());
    }

    private static String id(int number) {
        return "019aaaaa-0000-7000-8000-%012d".formatted(number);
    }

    /** Newest first. */
    private static List<String> ids(int commits) {
        return IntStream.range(0, commits)
                .mapToObj(number -> id(commits - 1 - number))
                .toList();
    }

    private static void tell(Lake lake, int commits) {
        DeltaTable table = lake.table(EventLog.TABLE);
        table.create(new TableDefinition(TEXTS, List.of(), "Updates of this lake", Map.of()));
        for (int number = 0; number < commits; number++) {
            TableSnapshot base = table.snapshot().orElseThrow();
            try (Session session = lake.duckDb().session()) {
                table.commit(
                        table.append(session, base, ROW.formatted(id(number))),
                        CommitRequest.ofFlow(
                                EventLog.TABLE.toString(),
                                number,
                                new FlowProgress("event_log", List.of()),
                                lake.newUpdateId(),
                                "WRITE",
                                Map.of(),
                                Map.of()));
            }
        }
    }

    private static UpdateRecord failed(String id) {
        return new UpdateRecord(
                UpdateId.parse(id),
                UpdateRecord.Kind.UPDATE,
                "silver.orders",
                TableName.parse("silver.orders"),
                0,
                true,
                Instant.parse("2026-11-22T11:00:00Z"),
                new UpdateStats(0, 0, 0, 0, List.of(), Duration.ofMillis(1)),
                new UpdateRecord.Failure(ErrorCode.UPDATE_FAILED, "It failed.", "Mend it."));
    }

    private static List<String> recent(Lake lake) {
        return new EventLog(lake)
                .recent(100).stream().map(update -> update.id().toString()).toList();
    }

    @Test
    void theHistoryIsReadAsItIs() {
        try (Lake lake = open(new LocalStorage(folder.resolve("lake")))) {
            tell(lake, 3);

            assertThat(recent(lake)).isEqualTo(ids(3));
            assertThat(new EventLog(lake)
                            .recent(1)
                            .get(0)
                            .stats()
                            .expectations()
                            .get(0)
                            .dataset())
                    .isEqualTo("silver.orders");
        }
    }

    @Test
    void theNextFoldGivesItLakeflowsForm() throws IOException {
        try (Lake lake = open(new LocalStorage(folder.resolve("lake")))) {
            tell(lake, 12);
            String newest = "019aaaab-0000-7000-8000-000000000000";
            new EventLog(lake).record(failed(newest));

            new EventLog(lake).fold();

            assertThat(recent(lake))
                    .containsExactlyElementsOf(
                            Stream.concat(Stream.of(newest), ids(12).stream()).toList());
            TableSnapshot table = lake.table(EventLog.TABLE).snapshot().orElseThrow();
            assertThat(table.schema()).isEqualTo(EventColumns.SCHEMA);
            assertThat(table.version()).as("one commit").isEqualTo(13);
            assertThat(table.files()).hasSize(1);
            assertThat(lake.storage().list("tarn/events", "")).isEmpty();
        }
    }

    @Test
    void nothingOfItIsLostWhereverTheFoldBreaksOff() {
        boolean broken = true;
        int point = 0;
        while (broken) {
            LocalStorage place = new LocalStorage(folder.resolve("lake-" + point));
            try (Lake lake = open(place)) {
                tell(lake, 2);
                new EventLog(lake).record(failed(id(2)));
            }
            FaultyStorage storage = new FaultyStorage(
                    place, Faults.nth(point, call -> call.operation().isChange(), new Fault.Fail(Fault.Moment.AFTER)));
            try (Lake lake = open(storage)) {
                foldAnyhow(lake);
            }
            broken = !storage.injected().isEmpty();
            try (Lake lake = open(place)) {
                new EventLog(lake).record(failed(id(3)));
                new EventLog(lake).fold();
                assertThat(recent(lake))
                        .as("broken off at " + storage.injected())
                        .isEqualTo(ids(4));
                assertThat(lake.table(EventLog.TABLE).snapshot().orElseThrow().schema())
                        .isEqualTo(EventColumns.SCHEMA);
            }
            point++;
        }
        assertThat(point).isGreaterThan(3);
    }

    private static void foldAnyhow(Lake lake) {
        try {
            new EventLog(lake).fold();
        } catch (UncheckedIOException broken) {
            assertThat(broken).hasRootCauseInstanceOf(InjectedFaultException.class);
        }
    }
}
