package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A lake in a temporary folder. */
abstract class DeltaFixture {

    static final TableName NAME = TableName.parse("silver.invoice");
    static final String FLOW = "silver.invoice";
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

    @TempDir
    Path folder;

    DuckDb duckDb;
    Session session;
    Storage storage;
    DeltaTables tables;
    DeltaTable table;

    @BeforeEach
    void open() {
        duckDb = DuckDb.open(
                new Budget(256L << 20, 512L << 20, 1L << 30, 1L << 30, 1L << 30, 2), folder.resolve("workspace"));
        session = duckDb.session();
        storage = new LocalStorage(folder.resolve("lake"));
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
    }

    @AfterEach
    void close() {
        session.close();
        duckDb.close();
    }

    TableSnapshot create(String sql, String... partitionBy) {
        return table.create(new TableDefinition(session.describe(sql), List.of(partitionBy), "", Map.of()));
    }

    CommitRequest request(long number) {
        return request(FLOW, number);
    }

    static CommitRequest request(String flow, long number) {
        FlowProgress progress = new FlowProgress("plan", List.of(SourceProgress.ofCursor("odoo", "at " + number)));
        UpdateId id = new UpdateId(IDS.generate());
        return CommitRequest.ofFlow(flow, number, progress, id, "WRITE", Map.of(), Map.of());
    }

    /** Appends the query's rows as the next update of the test's flow. */
    Commit append(String sql) {
        TableSnapshot base = newest();
        long number = base.updateNumber(FLOW).orElse(-1) + 1;
        return table.commit(table.append(session, base, sql), request(number));
    }

    Commit replace(String sql) {
        TableSnapshot base = newest();
        long number = base.updateNumber(FLOW).orElse(-1) + 1;
        return table.commit(table.replace(session, base, sql), request(number));
    }

    /** The statistics of the files that the version added. */
    String statistics(long version) {
        List<String> found = new ArrayList<>();
        TableLog log = new TableLog(TableLocation.of(NAME), tables);
        log.forEachAction(log.commit(version), action -> {
            if (!action.isNullAt(SingleAction.ADD_FILE_ORDINAL)) {
                found.add(new AddFile(action.getStruct(SingleAction.ADD_FILE_ORDINAL))
                        .getStatsJson()
                        .orElseThrow());
            }
        });
        return String.join("\n", found);
    }

    TableSnapshot newest() {
        return table.snapshot().orElseThrow();
    }

    String added(TableSnapshot snapshot, long fromExclusive) {
        return snapshot.scanAdded(
                session, fromExclusive, () -> Set.copyOf(snapshot.schema().names()));
    }

    /** The rows as texts, ordered, columns separated by a comma. */
    List<String> rows(String from) {
        List<String> names = session.describe("SELECT * FROM " + from).names();
        String columns = IntStream.range(0, names.size())
                .mapToObj(i -> "coalesce(\"" + names.get(i) + "\"::VARCHAR, 'NULL')")
                .collect(Collectors.joining(" || ', ' || "));
        return session.query("SELECT " + columns + " FROM " + from + " ORDER BY 1", row -> row.getString(1));
    }

    /** Has all writers append {@code commits} rows each at one time; answers which row which version brought. */
    Map<Long, String> race(int commits, List<DeltaTable> writers) throws Exception {
        Map<Long, String> committed = new ConcurrentHashMap<>();
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            int writer = i;
            work.add(() -> appendMany(writers.get(writer), writer, commits, committed));
        }
        ExecutorService threads = Executors.newFixedThreadPool(writers.size());
        try {
            for (Future<Boolean> result : threads.invokeAll(work)) {
                result.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return committed;
    }

    private boolean appendMany(DeltaTable own, int writer, int commits, Map<Long, String> committed) {
        try (Session mine = duckDb.session()) {
            for (int number = 0; number < commits; number++) {
                TableSnapshot base = own.snapshot().orElseThrow();
                TableChange rows = own.append(mine, base, "SELECT " + writer + " AS writer, " + number + " AS number");
                Commit commit = own.commit(rows, request("flow " + writer, number));
                committed.put(((Commit.Committed) commit).version(), writer + ", " + number);
            }
        }
        return true;
    }

    /** Every version up to {@code last} holds exactly the rows of the commits up to it. */
    void assertVersionsHold(Map<Long, String> committed, int last, String run) {
        assertThat(committed).as(run).hasSize(last);
        List<String> expected = new ArrayList<>();
        for (long version = 1; version <= last; version++) {
            expected.add(committed.get(version));
            assertThat(rows(table.snapshotAt(version).scan(session)))
                    .as("version " + version + ", " + run)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }
}
