package dev.tarn.engine.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.AlarmType;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.DropPath;
import dev.tarn.model.Effect;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.Expectation;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanJsonTest {

    private static final SourcePosition HERE = new SourcePosition("pipelines/silver_orders.sql", 1, 2);

    /** A plan that uses everything a plan of version 1 could say. */
    static Plan plan() {
        TableSchema schema = new TableSchema(List.of(
                new Column("id", DataType.Simple.INT, "key"),
                new Column("amount", new DataType.Decimal(18, 2)),
                new Column("tags", new DataType.Array(DataType.Simple.STRING)),
                new Column("names", new DataType.MapOf(DataType.Simple.STRING, DataType.Simple.STRING)),
                new Column(
                        "place", new DataType.Struct(List.of(new Column("city", DataType.Simple.STRING, "where"))))));
        Flow flow = new Flow(
                "silver.orders",
                new Dataset(
                        TableName.parse("silver.orders"),
                        Dataset.Kind.STREAMING_TABLE,
                        schema,
                        Set.of(),
                        List.of("id"),
                        List.of(),
                        "Orders",
                        Map.of(),
                        HERE),
                new Effect.Append(false),
                List.of(new Flow.Input(TableName.parse("bronze.orders"), Flow.Reading.STREAM)),
                "SELECT 1",
                List.of(new Expectation(
                        "positive", "amount > 0", "\"amount\" > 0", Expectation.OnViolation.DROP_ROW, HERE)),
                List.of(),
                "f00d",
                HERE);
        PostgresSink sink = new PostgresSink(
                "supabase",
                new SecretRef("supabase-url"),
                List.of(new PostgresSink.Table(
                        TableName.parse("gold.total"),
                        "reporting",
                        "total",
                        List.of("id"),
                        PostgresSink.Mode.MIRROR,
                        HERE)),
                HERE);
        return new Plan(
                "0123456789abcdef", "finance", ZoneId.of("Asia/Manila"), List.of(flow), List.of(odoo()), List.of(sink));
    }

    private static TableSource odoo() {
        return new TableSource(
                "odoo",
                new SourceConnection.OdooDatabase(new SecretRef("odoo-url"), 17, "en_US", null),
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN),
                List.of(new TableSource.Table(
                        new Relation(null, "sale_order"),
                        TableName.parse("bronze.orders"),
                        Set.of("note"),
                        List.of(),
                        null,
                        null,
                        null,
                        HERE)),
                HERE);
    }

    private static Flow changes() {
        TableName history = TableName.parse("silver.history");
        Dataset dataset = new Dataset(
                history,
                Dataset.Kind.STREAMING_TABLE,
                new TableSchema(List.of(
                        new Column("id", DataType.Simple.INT),
                        new Column("name", DataType.Simple.STRING),
                        new Column(Effect.AutoCdc.START_AT, DataType.Simple.BIGINT),
                        new Column(Effect.AutoCdc.END_AT, DataType.Simple.BIGINT))),
                Set.of("id"),
                List.of(),
                List.of("name"),
                "Versions",
                Map.of("pipelines.reset.allowed", "false"),
                HERE);
        Effect effect = new Effect.AutoCdc(
                List.of("id"),
                DataType.Simple.BIGINT,
                Effect.ScdType.TYPE_2,
                List.of("name"),
                Set.of("name"),
                false,
                false);
        Expectation quarantine =
                new Expectation("named", "name <> ''", "\"name\" <> ''", Expectation.OnViolation.QUARANTINE, HERE);
        return new Flow(
                "changes",
                dataset,
                effect,
                List.of(new Flow.Input(TableName.parse("bronze.orders"), Flow.Reading.STREAM_WITHOUT_CHANGES)),
                "SELECT 2",
                List.of(),
                List.of(new JudgedView("typed", "tarn_keeps_1", List.of(quarantine))),
                "f11d",
                HERE);
    }

    /** With what came later. */
    private static Plan wholePlan() {
        Flow backFill = new Flow(
                "back_fill",
                plan().flows().get(0).dataset(),
                new Effect.Append(true),
                List.of(),
                "SELECT 3",
                List.of(),
                List.of(),
                "f22d",
                HERE);
        Plan first = plan();
        return new Plan(
                first.hash(),
                first.project(),
                first.timezone(),
                List.of(first.flows().get(0), changes(), backFill),
                first.sources(),
                first.postgresSinks());
    }

    /** With what plans of version 3 can say. */
    private static Plan planOfManySources() {
        TableSource api = new TableSource(
                "erp",
                new SourceConnection.OdooApi(
                        URI.create("https://erp.example.com"),
                        "prod",
                        "tarn",
                        new SecretRef("odoo-key"),
                        18,
                        "de_DE",
                        List.of(1, 3)),
                Duration.ofMinutes(1),
                new DeleteCheck(Duration.ofDays(1), new BigDecimal("0.005")),
                new FieldPolicy(FieldPolicy.Added.NONE, FieldPolicy.Retyped.FAIL, FieldPolicy.Removed.FAIL),
                List.of(),
                HERE);
        TableSource shop = new TableSource(
                "shop",
                new SourceConnection.Postgres(new SecretRef("shop-url"), null),
                Duration.ofMinutes(1),
                new DeleteCheck(Duration.ofDays(1), BigDecimal.ONE),
                new FieldPolicy(FieldPolicy.Added.RESCUE, FieldPolicy.Retyped.FAIL, FieldPolicy.Removed.WARN),
                List.of(new TableSource.Table(
                        new Relation("auth", "users"),
                        TableName.parse("bronze.auth_users"),
                        Set.of("password"),
                        List.of("id", "tenant"),
                        "id",
                        Duration.ofHours(1),
                        Duration.ofSeconds(10),
                        HERE)),
                HERE);
        Plan first = wholePlan();
        return new Plan(
                first.hash(),
                first.project(),
                first.timezone(),
                first.flows(),
                List.of(first.sources().get(0), api, shop),
                first.postgresSinks());
    }

    private static FileDrop drop() {
        return new FileDrop(
                "files",
                "bank",
                TableName.parse("bronze.bank"),
                new DropPath("bank/**"),
                FileDrop.Format.CSV,
                new FileDrop.Options(true, ";", "\"", "", "windows-1252", List.of("NULL"), 2, ".", null),
                List.of(new Column("amount", new DataType.Decimal(18, 2))),
                FileDrop.Unknown.FAIL_ON_NEW_COLUMNS,
                FileDrop.Keep.LATEST,
                FileDrop.SameFile.READ,
                HERE);
    }

    /** With what plans of version 4 can say. */
    static Plan planWithWebhooks() {
        Plan first = planOfManySources();
        WebhookSource.Endpoint signed = new WebhookSource.Endpoint(
                "platform",
                TableName.parse("bronze.platform_events"),
                new WebhookAuth.Hmac(
                        "x-signature", "x-timestamp", Duration.ofMinutes(2), List.of(new SecretRef("platform-key"))),
                List.of(),
                List.of(new EventIdPart(null, List.of("record", "id")), new EventIdPart("idempotency-key", List.of())),
                new EventIdPart(null, List.of("data")),
                WebhookSource.SameId.REFUSE,
                Duration.ofDays(1),
                500_000,
                600,
                List.of("user-agent"),
                List.of(new Column("amount", new DataType.Decimal(18, 2))),
                WebhookSource.Misfit.NONE,
                HERE);
        WebhookSource.Endpoint plain = WebhookSource.Endpoint.usual(
                "orders",
                new WebhookAuth.SharedSecret("x-key", List.of(new SecretRef("new"), new SecretRef("old"))),
                List.of(),
                HERE);
        return new Plan(
                first.hash(),
                first.project(),
                first.timezone(),
                first.flows(),
                first.sources(),
                first.postgresSinks(),
                List.of(new WebhookSource("n8n", List.of(signed, plain), HERE)),
                List.of(drop()),
                first.operation());
    }

    @Test
    void aPlanComesBackAsItWas() {
        assertThat(PlanJson.read(PlanJson.write(watchedPlan()))).isEqualTo(watchedPlan());
    }

    private static Plan watchedPlan() {
        Plan plan = planWithWebhooks();
        return new Plan(
                plan.hash(),
                plan.project(),
                plan.timezone(),
                plan.flows(),
                plan.sources(),
                plan.postgresSinks(),
                plan.webhooks(),
                plan.drops(),
                new Operation(
                        "prod",
                        Duration.ofMinutes(10),
                        3,
                        new Notify(
                                URI.create("https://n8n.example.com/webhook/tarn"),
                                new SecretRef("n8n-notify"),
                                List.of(AlarmType.UPDATE_FAILED, AlarmType.STALE),
                                HERE)));
    }

    @Test
    void thePlanOfVersionFourIsStillRead() throws IOException {
        try (InputStream stored = PlanJsonTest.class.getResourceAsStream("/formats/plan-v4.json")) {
            assertThat(PlanJson.read(stored.readAllBytes())).isEqualTo(watchedPlan());
        }
    }

    @Test
    void thePlanOfVersionThreeIsStillRead() throws IOException {
        try (InputStream stored = PlanJsonTest.class.getResourceAsStream("/formats/plan-v3.json")) {
            assertThat(PlanJson.read(stored.readAllBytes())).isEqualTo(planOfManySources());
        }
    }

    @Test
    void thePlanOfVersionTwoIsStillRead() throws IOException {
        try (InputStream stored = PlanJsonTest.class.getResourceAsStream("/formats/plan-v2.json")) {
            assertThat(PlanJson.read(stored.readAllBytes())).isEqualTo(wholePlan());
        }
    }

    @Test
    void thePlanOfVersionOneIsStillRead() throws IOException {
        try (InputStream stored = PlanJsonTest.class.getResourceAsStream("/formats/plan-v1.json")) {
            assertThat(PlanJson.read(stored.readAllBytes())).isEqualTo(plan());
        }
    }

    @Test
    void aNewerPlanIsRefused() {
        assertThatThrownBy(() -> PlanJson.read("{\"v\":5}".getBytes(UTF_8)))
                .hasMessage("LAKE_FORMAT_NEWER  The deployed plan has version 5; this version of Tarn knows up to 4.\n"
                        + "    Use the Tarn that deployed it, or deploy the project again with this one.");
    }

    @Test
    void aPlanThatIsNoPlanIsRefused() {
        for (String json : List.of("{}", "[]", "{\"v\":1}", "{\"v\":1,\"surprise\":true}", "not json")) {
            assertThatThrownBy(() -> PlanJson.read(json.getBytes(UTF_8)))
                    .as(json)
                    .hasMessage("LAKE_DAMAGED  The deployed plan cannot be read.\n    Deploy the project again.");
        }
    }

    @Test
    void thePlanThatWasDeployedLastRuns(@TempDir Path lake) throws IOException {
        PlanStore store = new PlanStore(new LocalStorage(lake));
        assertThat(store.current()).isEmpty();
        Plan first = plan();
        Plan second = new Plan("fedcba9876543210", "finance", ZoneId.of("UTC"), List.of(), List.of(), List.of());

        store.deploy(first);
        store.deploy(second);

        assertThat(store.current()).contains(second);
        store.deploy(first);
        assertThat(store.current()).contains(first);
    }

    @Test
    void aPointerToNowhereIsRefused(@TempDir Path lake) throws IOException {
        LocalStorage storage = new LocalStorage(lake);
        storage.put("tarn/plans/current", "../../secret".getBytes(UTF_8));

        assertThatThrownBy(() -> new PlanStore(storage).current())
                .hasMessage(
                        "LAKE_DAMAGED  tarn/plans/current of the lake names no plan.\n    Deploy the project again.");
    }
}
