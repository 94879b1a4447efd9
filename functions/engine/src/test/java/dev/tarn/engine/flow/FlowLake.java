package dev.tarn.engine.flow;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A lake in a folder with a bronze table {@code (id INT, amount DECIMAL(18,2))}, and flows over it. */
final class FlowLake implements AutoCloseable {

    static final TableName BRONZE = TableName.parse("bronze.orders");
    static final TableName SILVER = TableName.parse("silver.orders");
    static final TableName GOLD = TableName.parse("gold.total");
    static final SourcePosition POSITION = new SourcePosition("pipelines/silver_orders.sql", 3, 1);

    private static final TableSchema ORDERS = new TableSchema(
            List.of(new Column("id", DataType.Simple.INT), new Column("amount", new DataType.Decimal(18, 2))));

    final Lake lake;
    final Updates updates;

    FlowLake(Path folder) {
        this(folder, "workspace");
    }

    FlowLake(Path folder, String workspace) {
        this(new LocalStorage(folder.resolve("lake")), folder.resolve(workspace), Clock.systemUTC(), Pause.real());
    }

    /** A process of its own, as far as one process can be several. */
    FlowLake(Storage storage, Path workspace, Clock clock, Pause pause) {
        Budget budget = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 64L << 20, 2);
        this.lake = Lake.open(storage, DuckDb.open(budget, workspace), clock);
        this.updates = new Updates(lake, ZoneId.of("UTC"), pause);
    }

    /** Makes the bronze table, without rows. */
    TableSnapshot make() {
        return lake.table(BRONZE).create(new TableDefinition(ORDERS, List.of(), "", Map.of()));
    }

    /** Appends the rows of the query to the bronze table, as one batch; planned anew when another batch was faster. */
    long arrive(String query) {
        DeltaTable table = lake.table(BRONZE);
        try (Session session = lake.duckDb().session()) {
            while (true) {
                TableSnapshot base = make();
                CommitRequest request = CommitRequest.ofFlow(
                        "source.orders",
                        base.updateNumber("source.orders").orElse(-1) + 1,
                        new FlowProgress("-", List.of()),
                        lake.newUpdateId(),
                        "WRITE",
                        Map.of(),
                        Map.of());
                Commit commit = table.commit(table.append(session, base, query), request);
                if (commit instanceof Commit.Committed committed) {
                    return committed.version();
                }
            }
        }
    }

    static String rows(String values) {
        return "SELECT id::INTEGER AS id, amount::DECIMAL(18,2) AS amount FROM (VALUES " + values + ") v(id, amount)";
    }

    static Flow view(Expectation... expectations) {
        return silver(Dataset.Kind.MATERIALIZED_VIEW, "view", expectations);
    }

    static Flow stream(Expectation... expectations) {
        return silver(Dataset.Kind.STREAMING_TABLE, "stream", expectations);
    }

    static Flow silver(Dataset.Kind kind, String hash, Expectation... expectations) {
        return new Flow(
                "silver.orders",
                new Dataset(SILVER, kind, ORDERS, Set.of(), List.of(), List.of(), "Orders", Map.of(), POSITION),
                kind == Dataset.Kind.STREAMING_TABLE ? new Effect.Append(false) : new Effect.Replace(),
                List.of(new Flow.Input(
                        BRONZE, kind == Dataset.Kind.STREAMING_TABLE ? Flow.Reading.STREAM : Flow.Reading.WHOLE)),
                "SELECT id, amount FROM \"bronze.orders\" WHERE id <> 0",
                List.of(expectations),
                List.of(),
                hash,
                POSITION);
    }

    static Flow total() {
        return new Flow(
                "gold.total",
                Dataset.of(
                        GOLD,
                        Dataset.Kind.MATERIALIZED_VIEW,
                        new TableSchema(List.of(
                                new Column("orders", DataType.Simple.BIGINT),
                                new Column("total", new DataType.Decimal(28, 2)))),
                        new SourcePosition("pipelines/gold_total.sql", 1, 1)),
                new Effect.Replace(),
                List.of(new Flow.Input(SILVER, Flow.Reading.WHOLE)),
                "SELECT count(*) AS orders, CAST(sum(amount) AS DECIMAL(28,2)) AS total FROM \"silver.orders\"",
                List.of(),
                List.of(),
                "total",
                new SourcePosition("pipelines/gold_total.sql", 1, 1));
    }

    static Expectation expectation(String name, String sql, Expectation.OnViolation onViolation) {
        return new Expectation(name, sql, sql, onViolation, new SourcePosition("pipelines/silver_orders.sql", 2, 3));
    }

    TableSnapshot snapshot(TableName table) {
        return lake.table(table).snapshot().orElseThrow();
    }

    List<String> read(TableName table) {
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT * FROM " + snapshot(table).scan(session) + " ORDER BY ALL",
                    row -> row.getString(1) + "|" + row.getString(2));
        }
    }

    @Override
    public void close() {
        lake.close();
    }
}
