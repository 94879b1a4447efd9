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
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A lake in which a commit goes a long way: {@code silver.stream} gets every new row of {@code bronze.orders}, of which
 * {@code silver.whole} is computed anew, {@code gold.months} counts the first and {@code gold.years} that and the second.
 */
final class ChainLake {

    static final List<TableName> TABLES = List.of(
            TableName.parse("bronze.orders"),
            TableName.parse("silver.stream"),
            TableName.parse("silver.whole"),
            TableName.parse("gold.months"),
            TableName.parse("gold.years"));

    /** Secret with the address of the sink. */
    static final SecretRef PORTAL = new SecretRef("portal-url");

    private static final TableName BRONZE = TABLES.get(0);
    private static final TableSchema NUMBERS = new TableSchema(
            List.of(new Column("id", DataType.Simple.BIGINT), new Column("amount", DataType.Simple.BIGINT)));

    private final Lake lake;
    private long arrivals;

    ChainLake(Lake lake) {
        this.lake = lake;
    }

    void deploy() throws IOException {
        deploy(List.of());
    }

    /** As {@link #deploy()}, with a sink that is to hold what {@code gold.months} does. */
    void deployWithSink() throws IOException {
        SourcePosition position = new SourcePosition("sinks/portal.yml", 1, 1);
        deploy(List.of(new PostgresSink(
                "portal",
                PORTAL,
                List.of(new PostgresSink.Table(
                        TableName.parse("gold.months"),
                        "public",
                        "months",
                        List.of("id"),
                        PostgresSink.Mode.MIRROR,
                        position)),
                position)));
    }

    private void deploy(List<PostgresSink> sinks) throws IOException {
        new PlanStore(lake.storage())
                .deploy(new Plan(
                        "0123456789abcdef",
                        "orders",
                        ZoneId.of("Asia/Manila"),
                        List.of(
                                flow("silver.stream", "SELECT id, amount FROM \"bronze.orders\"", "bronze.orders"),
                                flow(
                                        "silver.whole",
                                        "SELECT id, amount * 2 AS amount FROM \"bronze.orders\"",
                                        "bronze.orders"),
                                flow(
                                        "gold.months",
                                        "SELECT id % 12 AS id, sum(amount)::BIGINT AS amount FROM \"silver.stream\" GROUP BY 1",
                                        "silver.stream"),
                                flow(
                                        "gold.years",
                                        "SELECT 1::BIGINT AS id, sum(amount)::BIGINT AS amount FROM (SELECT amount FROM"
                                                + " \"gold.months\" UNION ALL SELECT amount FROM \"silver.whole\")",
                                        "gold.months",
                                        "silver.whole")),
                        List.of(),
                        sinks));
    }

    private static Flow flow(String target, String sql, String... sources) {
        SourcePosition position = new SourcePosition("pipelines/" + target.replace('.', '_') + ".sql", 1, 1);
        boolean stream = target.endsWith("stream");
        Dataset.Kind kind = stream ? Dataset.Kind.STREAMING_TABLE : Dataset.Kind.MATERIALIZED_VIEW;
        return new Flow(
                target,
                new Dataset(
                        TableName.parse(target), kind, NUMBERS, Set.of(), List.of(), List.of(), "", Map.of(), position),
                stream ? new Effect.Append(false) : new Effect.Replace(),
                List.of(sources).stream()
                        .map(source -> new Flow.Input(
                                TableName.parse(source), stream ? Flow.Reading.STREAM : Flow.Reading.WHOLE))
                        .toList(),
                sql,
                List.of(),
                List.of(),
                "fedcba9876543210",
                position);
    }

    /** Commits so many new rows to bronze. */
    void arrive(int rows) {
        DeltaTable table = lake.table(BRONZE);
        TableSnapshot base = table.create(TableDefinition.of(NUMBERS));
        arrivals++;
        CommitRequest request = CommitRequest.ofFlow(
                "shop.orders",
                arrivals,
                new FlowProgress("-", List.of()),
                lake.newUpdateId(),
                "WRITE",
                Map.of(),
                Map.of());
        try (Session session = lake.duckDb().session()) {
            table.commit(
                    table.append(
                            session,
                            base,
                            "SELECT " + arrivals * 1_000 + " + i AS id, i AS amount FROM range(" + rows + ") AS r (i)"),
                    request);
        }
    }

    /** All rows of every table, as texts. */
    Map<TableName, List<String>> rows() {
        Map<TableName, List<String>> rows = new TreeMap<>();
        for (TableName table : TABLES) {
            rows.put(table, lake.table(table).snapshot().map(this::rows).orElse(List.of()));
        }
        return rows;
    }

    private List<String> rows(TableSnapshot snapshot) {
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT id || '|' || amount FROM " + snapshot.scan(session) + " AS t ORDER BY id, amount",
                    row -> row.getString(1));
        }
    }
}
