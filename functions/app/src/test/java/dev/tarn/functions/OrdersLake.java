package dev.tarn.functions;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** What happened to a lake before the function is called: a bronze table with rows, and a deployed plan. */
final class OrdersLake {

    static final TableName BRONZE = TableName.parse("bronze.orders");
    static final TableName DOUBLED = TableName.parse("silver.doubled");
    static final TableName CHECKED = TableName.parse("silver.checked");

    /** Secret of the endpoint. */
    static final SecretRef HOOK = new SecretRef("hook");

    private static final TableSchema ORDERS = new TableSchema(List.of(new Column("id", DataType.Simple.BIGINT)));

    private final Lake lake;

    OrdersLake(Lake lake) {
        this.lake = lake;
    }

    /** Appends the rows {@code 1} to {@code last}; answers the name of the commit's file in the container. */
    String arrive(int last) {
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
        return "orders/_delta_log/%020d.json".formatted(base.version() + 1);
    }

    /** Deploys a plan of two flows: one that takes ids below 10 only, and one that takes every id. */
    void deploy() throws IOException {
        deploy(List.of());
    }

    /** As {@link #deploy()}, with an endpoint {@code orders} whose secret is that of {@link #HOOK}. */
    void deployWithWebhook() throws IOException {
        SourcePosition here = new SourcePosition("sources/n8n.yml", 4, 11);
        WebhookSource.Endpoint orders = WebhookSource.Endpoint.usual(
                "orders",
                new WebhookAuth.SharedSecret("x-webhook-secret", List.of(HOOK)),
                List.of(new EventIdPart(null, List.of("id"))),
                here);
        deploy(List.of(), List.of(new WebhookSource("n8n", List.of(orders), here)));
    }

    /** As {@link #deploy()}, with a sink that takes what is doubled. */
    void deployWithSink() throws IOException {
        deploy(List.of(new PostgresSink(
                "portal",
                new SecretRef("portal-url"),
                List.of(new PostgresSink.Table(
                        DOUBLED,
                        "public",
                        "doubled",
                        List.of("id"),
                        PostgresSink.Mode.UPSERT,
                        new SourcePosition("sinks/portal.yml", 4, 5))),
                new SourcePosition("sinks/portal.yml", 1, 1))));
    }

    private void deploy(List<PostgresSink> sinks) throws IOException {
        deploy(sinks, List.of());
    }

    private void deploy(List<PostgresSink> sinks, List<WebhookSource> webhooks) throws IOException {
        Expectation small = new Expectation(
                "small_id", "id < 10", "id < 10", Expectation.OnViolation.FAIL_UPDATE, position("silver_checked.sql"));
        Flow checked = flow(CHECKED, "SELECT id FROM \"bronze.orders\"", List.of(small));
        Flow doubled = flow(DOUBLED, "SELECT id * 2 AS id FROM \"bronze.orders\"", List.of());
        new PlanStore(lake.storage())
                .deploy(new Plan(
                        "0123456789abcdef",
                        "orders",
                        ZoneId.of("Asia/Manila"),
                        List.of(checked, doubled),
                        List.of(),
                        sinks,
                        webhooks,
                        List.of(),
                        Operation.USUAL));
    }

    private static Flow flow(TableName target, String sql, List<Expectation> expectations) {
        return new Flow(
                target.toString(),
                Dataset.of(
                        target, Dataset.Kind.MATERIALIZED_VIEW, ORDERS, position("silver_" + target.table() + ".sql")),
                new Effect.Replace(),
                List.of(new Flow.Input(BRONZE, Flow.Reading.WHOLE)),
                sql,
                expectations,
                List.of(),
                "fedcba9876543210",
                position("silver_" + target.table() + ".sql"));
    }

    private static SourcePosition position(String file) {
        return new SourcePosition("pipelines/" + file, 1, 1);
    }

    List<Long> read(TableName table) {
        TableSnapshot snapshot = lake.table(table).snapshot().orElseThrow();
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT id FROM " + snapshot.scan(session) + " AS t ORDER BY id", row -> row.getLong(1));
        }
    }

    long version(TableName table) {
        return lake.table(table).snapshot().orElseThrow().version();
    }

    boolean exists(TableName table) {
        return lake.table(table).snapshot().isPresent();
    }
}
