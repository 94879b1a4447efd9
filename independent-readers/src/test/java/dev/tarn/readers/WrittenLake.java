package dev.tarn.readers;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.CompactionPolicy;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.DeltaTables;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.delta.VacuumReport;
import dev.tarn.engine.delta.VacuumRequest;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.UpdateId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Writes tables into a folder with the engine alone: a query's rows, one commit each. */
final class WrittenLake implements AutoCloseable {

    private static final Budget BUDGET = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
    private static final String FLOW = "written";

    private final DuckDb duckDb;
    private final DeltaTables tables;
    private final Session reading;

    WrittenLake(Path root, Path workspace) {
        this(root, workspace, Clock.systemUTC());
    }

    WrittenLake(Path root, Path workspace, Clock clock) {
        duckDb = DuckDb.open(BUDGET, workspace);
        reading = duckDb.session();
        tables = new DeltaTables(new LocalStorage(root), duckDb, clock);
    }

    /** Creates an empty table with the columns of the query. */
    void create(TableName name, String columnsOf, List<String> partitionBy, Map<String, String> properties) {
        try (Session session = duckDb.session()) {
            TableSchema schema = session.describe(columnsOf);
            tables.table(name).create(new TableDefinition(schema, partitionBy, "", properties));
        }
    }

    /** The rows as they are now, as a query. */
    String rows(TableName name) {
        return "SELECT * FROM " + tables.table(name).snapshot().orElseThrow().scan(reading);
    }

    /** The rows that came after the version, a text each. */
    List<String> added(TableName name, long after) {
        TableSnapshot now = tables.table(name).snapshot().orElseThrow();
        String texts = now.schema().names().stream()
                .map(column -> "coalesce(CAST(" + Sql.identifier(column) + " AS VARCHAR), 'NULL')")
                .collect(Collectors.joining(", "));
        return reading.query(
                "SELECT concat_ws(' ', " + texts + ") FROM "
                        + now.scanAdded(
                                reading, after, () -> Set.copyOf(now.schema().names())),
                row -> row.getString(1));
    }

    /** Adds the rows of the query; answers the version. */
    long append(TableName name, String rows) {
        return commit(name, rows, true);
    }

    /** Puts the rows of the query in place of all rows; answers the version. */
    long replace(TableName name, String rows) {
        return commit(name, rows, false);
    }

    /** Takes the rows away for which the condition holds. */
    void delete(TableName name, String condition) {
        work(name, "DELETE", (session, base) -> tables.table(name)
                .delete(session, base, RowFilter.matching(condition)));
    }

    /** Packs the files of the table. */
    void optimize(TableName name) {
        work(name, "OPTIMIZE", (session, base) -> tables.table(name).optimize(session, base, CompactionPolicy.usual()));
    }

    private void work(TableName name, String operation, BiFunction<Session, TableSnapshot, TableChange> plan) {
        DeltaTable table = tables.table(name);
        UpdateId id = updateId(table.snapshot().orElseThrow().version() + 1);
        try (Session session = duckDb.session()) {
            table.run(CommitRequest.ofWork(id, operation, Map.of()), base -> plan.apply(session, base));
        }
    }

    /** Deletes what the table no longer keeps. */
    VacuumReport vacuum(TableName name) {
        return tables.table(name).vacuum(VacuumRequest.usual());
    }

    private long commit(TableName name, String rows, boolean append) {
        DeltaTable table = tables.table(name);
        TableSnapshot base = table.snapshot().orElseThrow();
        long number = base.version() + 1;
        CommitRequest request = CommitRequest.ofFlow(
                FLOW, number, new FlowProgress("plan", List.of()), updateId(number), "WRITE", Map.of(), Map.of());
        try (Session session = duckDb.session()) {
            TableChange change = append ? table.append(session, base, rows) : table.replace(session, base, rows);
            Commit commit = table.commit(change, request);
            if (commit instanceof Commit.Committed committed) {
                return committed.version();
            }
            throw new IllegalStateException("nobody else writes here, and yet: " + commit);
        }
    }

    private static UpdateId updateId(long number) {
        return UpdateId.parse("01980000-0000-7000-8000-%012d".formatted(number));
    }

    @Override
    public void close() {
        reading.close();
        duckDb.close();
    }
}
