package dev.tarn.engine.delta;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        return new CommitRequest(flow, number, progress, id, "WRITE", Map.of(), Map.of());
    }

    /** Appends the query's rows as the next update of the test's flow. */
    Commit append(String sql) {
        TableSnapshot base = newest();
        long number = base.updateNumber(FLOW).orElse(-1) + 1;
        return table.append(base, table.write(session, base, sql), request(number));
    }

    Commit replace(String sql) {
        TableSnapshot base = newest();
        long number = base.updateNumber(FLOW).orElse(-1) + 1;
        return table.replace(base, table.write(session, base, sql), request(number));
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
}
