package dev.tarn.container;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.Correlation;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.Flow;
import dev.tarn.model.IpRange;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** A lake in a folder with a deployed plan: orders of bronze are doubled in silver and summed up in gold. */
final class ShopLake implements AutoCloseable {

    static final TableName BRONZE = TableName.parse("bronze.orders");
    static final TableName SILVER = TableName.parse("silver.doubled");
    static final TableName GOLD = TableName.parse("gold.total");
    static final TableName EVENTS = TableName.parse("bronze.orders_events");

    private static final Budget BUDGET = new Budget(128L << 20, 128L << 20, 128L << 20, 128L << 20, 128L << 20, 1);
    private static final TableSchema ORDERS = new TableSchema(List.of(new Column("id", DataType.Simple.BIGINT)));

    private final Lake lake;

    ShopLake(Path folder, Path workspace) throws IOException {
        this.lake = Lake.open(new LocalStorage(folder), DuckDb.open(BUDGET, workspace), Clock.systemUTC());
        SourcePosition here = new SourcePosition("sources/n8n.yml", 4, 11);
        WebhookSource.Endpoint orders = endpoint("orders", "127.0.0.1", here);
        WebhookSource.Endpoint elsewhere = endpoint("elsewhere", "10.1.2.3", here);
        new PlanStore(lake.storage())
                .deploy(new Plan(
                        "0123456789abcdef",
                        "shop",
                        ZoneId.of("Asia/Manila"),
                        List.of(
                                flow(SILVER, BRONZE, "SELECT id * 2 AS id FROM \"bronze.orders\""),
                                flow(GOLD, SILVER, "SELECT sum(id)::BIGINT AS id FROM \"silver.doubled\"")),
                        List.of(),
                        List.of(),
                        List.of(new WebhookSource("n8n", List.of(orders, elsewhere), here)),
                        List.of(),
                        Operation.USUAL));
    }

    private static WebhookSource.Endpoint endpoint(String name, String from, SourcePosition position) {
        return new WebhookSource.Endpoint(
                name,
                TableName.parse("bronze." + name + "_events"),
                new WebhookAuth.SharedSecret("x-webhook-secret", List.of(new SecretRef("hook"))),
                List.of(IpRange.tryParse(from).orElseThrow()),
                List.of(new EventIdPart(null, List.of("id"))),
                null,
                WebhookSource.SameId.KEEP_AS_CONFLICT,
                Duration.ofDays(7),
                1_000_000,
                null,
                List.of(),
                List.of(),
                WebhookSource.Misfit.RESCUE,
                position);
    }

    private static Flow flow(TableName target, TableName source, String sql) {
        SourcePosition position = new SourcePosition("pipelines/" + target.table() + ".sql", 1, 1);
        return new Flow(
                target.toString(),
                Dataset.of(target, Dataset.Kind.MATERIALIZED_VIEW, ORDERS, position),
                new Effect.Replace(),
                List.of(new Flow.Input(source, Flow.Reading.WHOLE)),
                sql,
                List.of(),
                List.of(),
                "fedcba9876543210",
                position);
    }

    /** Appends the rows {@code 1} to {@code last} because of what the id names; answers the file's name in its container. */
    String arrive(int last, String correlation) {
        return Correlation.during(correlation, () -> {
            DeltaTable table = lake.table(BRONZE);
            TableSnapshot base = table.create(TableDefinition.of(ORDERS));
            CommitRequest request = CommitRequest.ofFlow(
                    "shop.orders",
                    base.version() + 1,
                    new FlowProgress("-", List.of()),
                    lake.newUpdateId(),
                    "WRITE",
                    Map.of(),
                    Map.of());
            try (Session session = lake.duckDb().session()) {
                String rows = "SELECT i AS id FROM range(1, " + (last + 1) + ") AS r (i)";
                table.commit(table.append(session, base, rows), request);
            }
            return newest(BRONZE);
        });
    }

    /** Name of the newest commit's file in its container. */
    String newest(TableName table) {
        return table.table() + "/_delta_log/%020d.json".formatted(version(table));
    }

    long version(TableName table) {
        return lake.table(table).snapshot().orElseThrow().version();
    }

    /** What the newest commit was made for. */
    String cause(TableName table) throws IOException {
        return Correlation.ofCommit(lake.storage().read(table.layer().folder() + "/" + newest(table)))
                .orElse("-");
    }

    /** The rows' ids; none when the table is not there. */
    List<Long> ids(TableName table) {
        return lake.table(table)
                .snapshot()
                .map(snapshot -> {
                    try (Session session = lake.duckDb().session()) {
                        return session.query(
                                "SELECT id FROM " + snapshot.scan(session) + " AS t ORDER BY id",
                                row -> row.getLong(1));
                    }
                })
                .orElse(List.of());
    }

    long rows(TableName table) {
        TableSnapshot snapshot = lake.table(table).snapshot().orElseThrow();
        try (Session session = lake.duckDb().session()) {
            return session.query("SELECT count(*) FROM " + snapshot.scan(session) + " AS t", row -> row.getLong(1))
                    .get(0);
        }
    }

    /** The file that events wait in, behind the folder of inboxes. */
    String inboxFile() throws IOException {
        String path = lake.storage().listBelow("tarn/inbox/orders").get(0).path();
        return path.substring("tarn/inbox/".length());
    }

    @Override
    public void close() {
        lake.close();
    }
}
