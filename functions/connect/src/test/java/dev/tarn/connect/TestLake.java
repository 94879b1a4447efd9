package dev.tarn.connect;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A lake in a folder, and what tests ask of it. */
public final class TestLake implements AutoCloseable {

    private final Lake lake;

    private TestLake(Lake lake) {
        this.lake = lake;
    }

    public static TestLake open(Path folder) {
        return open(folder, folder.resolve("workspace"));
    }

    /** As above, with the workspace of a process of its own. */
    public static TestLake open(Path folder, Path workspace) {
        return open(new LocalStorage(folder.resolve("lake")), workspace);
    }

    public static TestLake open(Storage storage, Path workspace) {
        Budget budget = new Budget(256L << 20, 512L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
        DuckDb duckDb = DuckDb.open(budget, workspace);
        return new TestLake(Lake.open(storage, duckDb, Clock.systemUTC()));
    }

    public Lake lake() {
        return lake;
    }

    public TableSnapshot snapshot(String table) {
        return lake.table(TableName.parse(table)).snapshot().orElseThrow();
    }

    /** Rows of a query in which {@code %s} stands for all rows of the table; columns as texts with {@code |} between. */
    public List<String> query(String table, String sql) {
        try (Session session = lake.duckDb().session()) {
            session.view("result", sql.formatted(snapshot(table).scan(session)));
            return session.query("SELECT COLUMNS(*)::VARCHAR FROM result", TestLake::text);
        }
    }

    private static String text(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            values.add(row.getString(i));
        }
        return String.join("|", values);
    }

    /** Makes the table hold exactly the rows of the query, and creates it with the query's columns when it is absent. */
    public void fill(String name, String sql) {
        DeltaTable table = lake.table(TableName.parse(name));
        try (Session session = lake.duckDb().session()) {
            TableSnapshot base = table.create(TableDefinition.of(session.describe(sql)));
            table.commit(
                    table.replace(session, base, sql),
                    CommitRequest.ofFlow(
                            name,
                            base.updateNumber(name).orElse(0) + 1,
                            new FlowProgress("test", List.of()),
                            lake.newUpdateId(),
                            "WRITE",
                            Map.of(),
                            Map.of()));
        }
    }

    @Override
    public void close() {
        lake.close();
    }
}
