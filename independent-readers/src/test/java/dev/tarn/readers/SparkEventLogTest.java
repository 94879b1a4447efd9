package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks the event log in Spark what Databricks' documentation asks a pipeline's. The queries are as they are written there
 * but for one thing: {@code details:a.b}, which open-source Spark has for VARIANT alone, is
 * {@code get_json_object(details, '$.a.b')}.
 */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkEventLogTest {

    private static final Budget BUDGET = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
    private static final SourcePosition POSITION = new SourcePosition("pipelines/orders.sql", 1, 1);
    private static final TableName BRONZE = TableName.parse("bronze.orders");
    private static final TableSchema ORDERS = new TableSchema(List.of(
            new Column("id", DataType.Simple.INT, "The key"), new Column("amount", new DataType.Decimal(18, 2))));
    private static final TableSchema TOTAL = new TableSchema(List.of(new Column("orders", DataType.Simple.BIGINT)));

    @TempDir
    private static Path folder;

    private static SparkReader spark;

    @BeforeAll
    static void run(SparkReader shared) throws IOException {
        spark = shared;
        try (Lake lake = Lake.open(
                new LocalStorage(folder), DuckDb.open(BUDGET, folder.resolve("workspace")), Clock.systemUTC())) {
            Flow silver = flow(
                    "silver.orders",
                    ORDERS,
                    "bronze.orders",
                    "SELECT id, amount FROM \"bronze.orders\"",
                    rule("known_amount", "amount IS NOT NULL", Expectation.OnViolation.DROP_ROW),
                    rule("positive", "amount > 0", Expectation.OnViolation.WARN));
            Flow gold = flow(
                    "gold.total",
                    TOTAL,
                    "silver.orders",
                    "SELECT count(*) AS orders FROM \"silver.orders\"",
                    rule("few", "orders < 4", Expectation.OnViolation.FAIL_UPDATE));
            new PlanStore(lake.storage())
                    .deploy(new Plan(
                            "00000000000000aa",
                            "finance",
                            ZoneId.of("UTC"),
                            List.of(silver, gold),
                            List.of(),
                            List.of()));
            Updates updates = new Updates(lake, ZoneId.of("UTC"));
            arrive(lake, "(1, 10), (2, -5), (3, NULL), (4, 7)");
            updates.run(silver);
            updates.run(gold);
            arrive(lake, "(5, -1), (6, 3)");
            updates.run(silver);
            assertThatThrownBy(() -> updates.run(gold)).isInstanceOf(TarnException.class);
            new EventLog(lake).fold();
        }
        spark.run("CREATE OR REPLACE TEMP VIEW event_log_raw AS SELECT * FROM delta.`"
                + folder.resolve(EventLog.TABLE.path()) + "`");
    }

    private static Expectation rule(String name, String sql, Expectation.OnViolation onViolation) {
        return new Expectation(name, sql, sql, onViolation, POSITION);
    }

    private static Flow flow(String name, TableSchema schema, String reads, String sql, Expectation... rules) {
        TableName target = TableName.parse(name);
        return new Flow(
                name,
                new Dataset(
                        target,
                        Dataset.Kind.MATERIALIZED_VIEW,
                        schema,
                        Set.of(),
                        List.of(),
                        List.of(),
                        "",
                        Map.of(),
                        POSITION),
                new Effect.Replace(),
                List.of(new Flow.Input(TableName.parse(reads), Flow.Reading.WHOLE)),
                sql,
                List.of(rules),
                List.of(),
                "hash of " + name,
                POSITION);
    }

    private static void arrive(Lake lake, String values) {
        DeltaTable table = lake.table(BRONZE);
        try (Session session = lake.duckDb().session()) {
            table.commit(
                    table.append(
                            session,
                            table.create(TableDefinition.of(ORDERS)),
                            "SELECT id::INTEGER AS id, amount::DECIMAL(18,2) AS amount FROM (VALUES " + values
                                    + ") v(id, amount)"),
                    CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of()));
        }
    }

    /** The rows of the query, a text each. */
    private static List<String> ask(String documented) {
        Matcher path = Pattern.compile("details:([a-z_]+(?:[.:][a-z_]+)*)").matcher(documented);
        return spark.query(path.replaceAll(found ->
                        "get_json_object(details, '\\$." + found.group(1).replace(':', '.') + "')"))
                .rows();
    }

    @Test
    void theTableHasLakeflowsColumns() {
        assertThat(spark.query("SELECT * FROM event_log_raw").columns())
                .hasSize(10)
                .contains(
                        "id STRING",
                        "sequence STRUCT<DATA_PLANE_ID:STRUCT<INSTANCE:STRING,SEQ_NO:BIGINT>,CONTROL_PLANE_SEQ_NO:BIGINT>",
                        "timestamp TIMESTAMP",
                        "error STRUCT<FATAL:BOOLEAN,EXCEPTIONS:ARRAY<STRUCT<CLASS_NAME:STRING,MESSAGE:STRING,"
                                + "STACK:ARRAY<STRUCT<DECLARING_CLASS:STRING,METHOD_NAME:STRING,FILE_NAME:STRING,"
                                + "LINE_NUMBER:BIGINT>>>>>",
                        "details STRING",
                        "event_type STRING");
    }

    @Test
    void rulesOfTheLatestUpdateWhichFailed() {
        assertThat(
                        ask(
                                """
                        WITH latest_update AS (
                          SELECT origin.update_id AS id FROM event_log_raw
                          WHERE event_type = 'create_update' ORDER BY timestamp DESC LIMIT 1
                        )
                        SELECT rule.dataset AS dataset, rule.name AS expectation,
                          SUM(rule.passed_records) AS passing_records, SUM(rule.failed_records) AS failing_records
                        FROM (
                          SELECT explode(from_json(details:flow_progress:data_quality:expectations,
                            "array<struct<name: string, dataset: string, passed_records: int, failed_records: int>>")) rule
                          FROM event_log_raw, latest_update
                          WHERE event_type = 'flow_progress' AND origin.update_id = latest_update.id
                        )
                        GROUP BY rule.dataset, rule.name"""))
                .containsExactly("[\"gold.total\", \"few\", 0, 1]");
    }

    @Test
    void rulesOfAllUpdatesByPathsWithPoints() {
        assertThat(
                        ask(
                                """
                        SELECT dataset, name, sum(passed_records), sum(failed_records) FROM (
                          SELECT inline(from_json(details:flow_progress.data_quality.expectations,
                            'array<struct<name:string,dataset:string,passed_records:int,failed_records:int>>'))
                          FROM event_log_raw WHERE event_type = 'flow_progress')
                        GROUP BY dataset, name"""))
                .containsExactly(
                        "[\"gold.total\", \"few\", 1, 1]",
                        "[\"silver.orders\", \"known_amount\", 8, 2]",
                        "[\"silver.orders\", \"positive\", 5, 5]");
    }

    @Test
    void rowsAndStateOfEachUpdateOfEachFlow() {
        assertThat(
                        ask(
                                """
                        WITH progress AS (
                          SELECT origin.pipeline_name, origin.flow_name, origin.update_id, timestamp,
                            details:flow_progress.status AS status,
                            TRY_CAST(details:flow_progress.metrics.num_output_rows AS BIGINT) AS num_output_rows,
                            TRY_CAST(details:flow_progress.metrics.num_upserted_rows AS BIGINT) AS num_upserted_rows,
                            TRY_CAST(details:flow_progress.data_quality.dropped_records AS BIGINT) AS dropped_records,
                            FROM_JSON(details:flow_progress.data_quality.expectations,
                              SCHEMA_OF_JSON("[{'name':'s', 'dataset':'s', 'passed_records':4, 'failed_records':2}]")) AS rules
                          FROM event_log_raw WHERE event_type = 'flow_progress' AND origin.flow_name IS NOT NULL
                        )
                        SELECT pipeline_name, flow_name,
                          MAX_BY(status, timestamp) FILTER (WHERE status IN ('COMPLETED', 'FAILED')) AS final_status,
                          SUM(COALESCE(num_output_rows, 0)), SUM(COALESCE(num_upserted_rows, 0)),
                          MAX(COALESCE(dropped_records, 0)), size(MAX(rules)),
                          MIN(timestamp) FILTER (WHERE status = 'RUNNING') < MAX(timestamp) AS took_time
                        FROM progress GROUP BY pipeline_name, flow_name, update_id"""))
                .containsExactly(
                        "[\"finance\", \"gold.total\", \"COMPLETED\", 1, 0, 0, 1, true]",
                        "[\"finance\", \"gold.total\", \"FAILED\", 0, 0, 0, 1, true]",
                        "[\"finance\", \"silver.orders\", \"COMPLETED\", 3, 0, 1, 2, true]",
                        "[\"finance\", \"silver.orders\", \"COMPLETED\", 5, 0, 1, 2, true]");
    }

    @Test
    void updatesWithTheirLastStateAndDuration() {
        assertThat(
                        ask(
                                """
                        WITH last_status AS (
                          SELECT origin.update_id, timestamp,
                            FROM_JSON(details, 'struct<update_progress: struct<state: string>>').update_progress.state AS state
                          FROM event_log_raw WHERE event_type = 'update_progress'
                          QUALIFY ROW_NUMBER() OVER (PARTITION BY origin.update_id ORDER BY timestamp DESC) = 1
                        ), started AS (
                          SELECT origin.update_id, MIN(timestamp) AS start_time
                          FROM event_log_raw WHERE event_type = 'create_update' GROUP BY origin.update_id
                        )
                        SELECT state, TIMESTAMPDIFF(MICROSECOND, start_time, timestamp) > 0
                        FROM last_status JOIN started USING (update_id)"""))
                .containsExactly(
                        "[\"COMPLETED\", true]",
                        "[\"COMPLETED\", true]",
                        "[\"COMPLETED\", true]",
                        "[\"FAILED\", true]");
    }

    @Test
    void howViewsWereComputed() {
        assertThat(
                        ask(
                                """
                        SELECT flow_name, FILTER(plan.technique_information, t -> t.is_chosen = true)[0].maintenance_type,
                          plan.source_table_information.table_name, plan.source_table_information.num_rows
                        FROM (
                          SELECT origin.flow_name, from_json(details:planning_information,
                            'struct<technique_information: array<struct<maintenance_type: string, is_chosen: boolean,
                             is_applicable: boolean, cost: double>>,
                             source_table_information: array<struct<table_name: string, num_rows: bigint>>>') AS plan
                          FROM event_log_raw WHERE event_type = 'planning_information')"""))
                .containsExactly(
                        "[\"gold.total\", \"MAINTENANCE_TYPE_COMPLETE_RECOMPUTE\", [\"silver.orders\"], [3]]",
                        "[\"gold.total\", \"MAINTENANCE_TYPE_COMPLETE_RECOMPUTE\", [\"silver.orders\"], [5]]",
                        "[\"silver.orders\", \"MAINTENANCE_TYPE_COMPLETE_RECOMPUTE\", [\"bronze.orders\"], [4]]",
                        "[\"silver.orders\", \"MAINTENANCE_TYPE_COMPLETE_RECOMPUTE\", [\"bronze.orders\"], [6]]");
    }

    @Test
    void whatIsMadeOfWhat() {
        assertThat(
                        ask(
                                """
                        SELECT details:flow_definition.output_dataset, details:flow_definition.input_datasets,
                          details:flow_definition.flow_type
                        FROM event_log_raw WHERE event_type = 'flow_definition'"""))
                .containsExactly(
                        "[\"gold.total\", \"[\\\"silver.orders\\\"]\", \"MATERIALIZED_VIEW\"]",
                        "[\"silver.orders\", \"[\\\"bronze.orders\\\"]\", \"MATERIALIZED_VIEW\"]");
    }

    @Test
    void theSchemaOfAFlowIsSparksOwn() {
        String schema = spark.text("SELECT get_json_object(details, '$.flow_definition.schema_json') FROM event_log_raw"
                + " WHERE event_type = 'flow_definition' AND origin.flow_name = 'silver.orders'");

        assertThat(org.apache.spark.sql.types.DataType.fromJson(schema))
                .isEqualTo(new StructType()
                        .add(new StructField(
                                "id",
                                DataTypes.IntegerType,
                                true,
                                new MetadataBuilder()
                                        .putString("comment", "The key")
                                        .build()))
                        .add("amount", DataTypes.createDecimalType(18, 2)));
    }

    @Test
    void theQueriesOfTheReferenceAnswer() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/event-log.md"));
        List<List<String>> answers = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(query -> ask(query.group(1).replace("<lake>", folder.toString())))
                .toList();

        assertThat(answers).hasSize(3);
        assertThat(answers.get(0)).contains("[\"silver.orders\", \"positive\", 5, 5]");
        assertThat(answers.get(1))
                .hasSize(4)
                .filteredOn(row -> row.contains("\"FAILED\", NULL, \"few failed"))
                .hasSize(1);
        assertThat(answers.get(2)).contains("[\"gold.total\", \"gold.total\", \"[\\\"silver.orders\\\"]\"]");
    }

    @Test
    void errorsWithTheirMessages() {
        assertThat(
                        ask(
                                """
                        SELECT origin.flow_name, error.exceptions[0].class_name,
                          error.exceptions[0].message LIKE 'few failed for 1 of 1 rows of gold.total%'
                        FROM event_log_raw WHERE level = 'ERROR' AND error IS NOT NULL"""))
                .containsExactly("[\"gold.total\", \"EXPECTATION_FAILED\", true]");
    }
}
