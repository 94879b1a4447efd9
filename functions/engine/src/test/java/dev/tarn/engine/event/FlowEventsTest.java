package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowEventsTest {

    private static final SourcePosition POSITION = new SourcePosition("pipelines/orders.sql", 1, 1);
    private static final TableName BRONZE = TableName.parse("bronze.orders");
    private static final TableName OLD = TableName.parse("bronze.orders_2025");
    private static final String DEFINITIONS = "WHERE event_type IN ('flow_definition', 'dataset_definition') "
            + "ORDER BY timestamp, sequence.data_plane_id.seq_no";

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

    private static Flow flow(String id, TableName input, Effect effect, String hash) {
        Expectation known = new Expectation(
                "known_state", "state IS NOT NULL", "state IS NOT NULL", Expectation.OnViolation.DROP_ROW, POSITION);
        Expectation positive =
                new Expectation("positive", "amount > 0", "amount > 0", Expectation.OnViolation.WARN, POSITION);
        Dataset orders = new Dataset(
                TableName.parse("silver.orders"),
                effect instanceof Effect.Replace ? Dataset.Kind.MATERIALIZED_VIEW : Dataset.Kind.STREAMING_TABLE,
                new TableSchema(List.of(
                        new Column("id", DataType.Simple.INT, "The key"),
                        new Column("amount", new DataType.Decimal(18, 2)),
                        new Column(
                                "lines",
                                new DataType.Array(new DataType.Struct(List.of(new Column(
                                        "tags", new DataType.MapOf(DataType.Simple.STRING, DataType.Simple.DATE)))))))),
                Set.of(),
                List.of(),
                List.of(),
                "Orders",
                Map.of(),
                POSITION);
        return new Flow(
                id,
                orders,
                effect,
                List.of(new Flow.Input(
                        input, effect instanceof Effect.Replace ? Flow.Reading.WHOLE : Flow.Reading.STREAM)),
                "SELECT 1",
                List.of(positive),
                List.of(new JudgedView("changes", "judge_changes", List.of(known))),
                hash,
                POSITION);
    }

    private static Effect changes(boolean snapshots) {
        return new Effect.AutoCdc(
                List.of("id"), DataType.Simple.BIGINT, Effect.ScdType.TYPE_1, List.of(), Set.of(), snapshots, false);
    }

    private void deploy(String hash, Flow... flows) throws IOException {
        new PlanStore(lake.storage())
                .deploy(new Plan(hash, "finance", ZoneId.of("UTC"), List.of(flows), List.of(), List.of()));
    }

    /** An update that failed, so that it needs no commit to be settled. */
    private void ran(Flow flow) {
        UpdateRecord update = new UpdateRecord(
                lake.newUpdateId(),
                UpdateRecord.Kind.UPDATE,
                flow.id(),
                flow.target(),
                0,
                true,
                lake.clock().instant(),
                new UpdateStats(0, 0, 0, 0, List.of(), Duration.ofMillis(1)),
                new UpdateRecord.Failure(ErrorCode.UPDATE_FAILED, "It failed.", "Mend it."));
        log.record(update.definedBy(flow.hash()));
    }

    private List<String> query(String select, String rest) {
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT " + select + " FROM "
                            + lake.table(EventLog.TABLE)
                                    .snapshot()
                                    .orElseThrow()
                                    .scan(session) + " " + rest,
                    row -> row.getString(1));
        }
    }

    @Test
    void aFlowIsDefinedInLakeflowsFormWhenItRunsForTheFirstTime() throws IOException {
        Flow current = flow("orders_current", BRONZE, changes(false), "h1");
        Flow backfill = flow("orders_2025", OLD, new Effect.Append(true), "h2");
        deploy("00000000000000aa", current, backfill);
        ran(current);

        log.fold();

        assertThat(query("details", DEFINITIONS))
                .containsExactly(
                        "{\"flow_definition\":{\"output_dataset\":\"silver.orders\",\"input_datasets\":[\"bronze.orders\"],"
                                + "\"flow_type\":\"CHANGE\",\"schema\":[{\"name\":\"id\",\"data_type\":\"INT\"},"
                                + "{\"name\":\"amount\",\"data_type\":\"DECIMAL(18,2)\"},{\"name\":\"lines\",\"data_type\":"
                                + "\"ARRAY<STRUCT<tags:MAP<STRING,DATE>>>\"}],\"schema_json\":\"{\\\"type\\\":\\\"struct\\\","
                                + "\\\"fields\\\":[{\\\"name\\\":\\\"id\\\",\\\"type\\\":\\\"integer\\\",\\\"nullable\\\":true,"
                                + "\\\"metadata\\\":{\\\"comment\\\":\\\"The key\\\"}},{\\\"name\\\":\\\"amount\\\",\\\"type\\\":"
                                + "\\\"decimal(18,2)\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}},{\\\"name\\\":\\\"lines\\\","
                                + "\\\"type\\\":{\\\"type\\\":\\\"array\\\",\\\"elementType\\\":{\\\"type\\\":\\\"struct\\\","
                                + "\\\"fields\\\":[{\\\"name\\\":\\\"tags\\\",\\\"type\\\":{\\\"type\\\":\\\"map\\\",\\\"keyType\\\":"
                                + "\\\"string\\\",\\\"valueType\\\":\\\"date\\\",\\\"valueContainsNull\\\":true},\\\"nullable\\\":"
                                + "true,\\\"metadata\\\":{}}]},\\\"containsNull\\\":true},\\\"nullable\\\":true,\\\"metadata\\\":"
                                + "{}}]}\",\"comment\":\"Orders\",\"language\":\"SQL\",\"once\":false}}",
                        "{\"dataset_definition\":{\"dataset_type\":\"STREAMING_TABLE\",\"num_flows\":2,\"expectations\":["
                                + "{\"name\":\"positive\",\"dataset\":\"silver.orders\",\"constraint\":\"amount > 0\","
                                + "\"action\":\"WARN\"},{\"name\":\"known_state\",\"dataset\":\"changes\",\"constraint\":"
                                + "\"state IS NOT NULL\",\"action\":\"DROP_ROW\"}],\"input_datasets\":[\"bronze.orders\","
                                + "\"bronze.orders_2025\"]}}");
        String update = log.recent(1).get(0).id().toString();
        assertThat(query(
                        "concat_ws(' ', message, level, origin.pipeline_name, origin.flow_name, origin.update_id)",
                        DEFINITIONS))
                .containsExactly(
                        "Flow 'orders_current' defined as CHANGE. INFO finance orders_current " + update,
                        "Dataset 'silver.orders' defined as STREAMING_TABLE. INFO finance orders_current " + update);
    }

    @Test
    void everyKindOfFlowHasLakeflowsTypeOfIt() throws IOException {
        List<Flow> flows = List.of(
                flow("append", BRONZE, new Effect.Append(false), "h"),
                flow("once", BRONZE, new Effect.Append(true), "h"),
                flow("view", BRONZE, new Effect.Replace(), "h"),
                flow("changes", BRONZE, changes(false), "h"),
                flow("snapshots", BRONZE, changes(true), "h"));
        deploy("00000000000000aa", flows.toArray(Flow[]::new));
        flows.forEach(this::ran);

        log.fold();

        assertThat(query(
                        "origin.flow_name || ' ' || (details->>'$.flow_definition.flow_type') || ' ' || "
                                + "(details->>'$.flow_definition.once')",
                        "WHERE event_type = 'flow_definition' ORDER BY id"))
                .containsExactlyInAnyOrder(
                        "append APPEND false",
                        "once APPEND true",
                        "view MATERIALIZED_VIEW false",
                        "changes CHANGE false",
                        "snapshots SNAPSHOT_CHANGE false");
    }

    @Test
    void aDefinitionIsToldOnceHoweverOftenItsFlowRuns() throws IOException {
        Flow flow = flow("orders", BRONZE, new Effect.Replace(), "h1");
        deploy("00000000000000aa", flow);
        ran(flow);
        ran(flow);
        log.fold();
        ran(flow);
        log.fold();

        ran(flow);
        new EventLog(lake).fold();

        assertThat(query("event_type", DEFINITIONS)).containsExactly("flow_definition", "dataset_definition");
        assertThat(query("count(*)::VARCHAR", "WHERE id = origin.update_id")).containsExactly("4");
    }

    @Test
    void aChangedDefinitionIsToldAgainAlsoWhenItsPlanRunsNoMore() throws IOException {
        Flow before = flow("orders", BRONZE, new Effect.Replace(), "h1");
        Flow after = flow("orders", OLD, new Effect.Replace(), "h2");
        lake.storage().put("tarn/plans/0000000000000000.json", "{\"v\":99}".getBytes(UTF_8));
        deploy("00000000000000aa", before);
        ran(before);
        deploy("00000000000000bb", after);
        ran(after);

        log.fold();

        assertThat(query(
                        "details->>'$.flow_definition.input_datasets'",
                        "WHERE event_type = 'flow_definition' ORDER BY timestamp"))
                .containsExactly("[\"bronze.orders\"]", "[\"bronze.orders_2025\"]");
    }

    @Test
    void aFlowOfNoPlanIsToldWithoutItsDefinition() {
        ran(flow("orders", BRONZE, new Effect.Replace(), "h1"));

        log.fold();

        assertThat(query("event_type", DEFINITIONS)).isEmpty();
        assertThat(query("coalesce(origin.pipeline_name, 'none')", "WHERE id = origin.update_id"))
                .containsExactly("none");
    }
}
