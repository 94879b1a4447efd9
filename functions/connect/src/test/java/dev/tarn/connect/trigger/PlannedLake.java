package dev.tarn.connect.trigger;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.TestLake;
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
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * A lake with a plan: {@code silver.doubled} reads {@code bronze.orders}, {@code gold.sums} reads that, {@code gold.years}
 * reads {@code gold.sums}; a sink takes {@code silver.doubled} and {@code gold.years}.
 */
final class PlannedLake implements AutoCloseable {

    static final String FILE = "%s/_delta_log/%020d.json";

    private static final TableSchema NUMBERS = new TableSchema(List.of(new Column("id", DataType.Simple.BIGINT)));

    private final TestLake lake;

    private PlannedLake(TestLake lake) {
        this.lake = lake;
    }

    static PlannedLake open(Path folder) {
        return new PlannedLake(TestLake.open(folder));
    }

    TestLake lake() {
        return lake;
    }

    void deploy(TableSource... sources) throws IOException {
        Plan plan = new Plan(
                "0123456789abcdef",
                "shop",
                ZoneId.of("Asia/Manila"),
                List.of(
                        flow("silver.doubled", "bronze.orders", "id * 2"),
                        flow("gold.sums", "silver.doubled", "id + 1"),
                        flow("gold.years", "gold.sums", "id + 1")),
                List.of(sources),
                List.of(new PostgresSink(
                        "portal",
                        new SecretRef("portal-url"),
                        List.of(taken("silver.doubled", "doubled"), taken("gold.years", "years")),
                        new SourcePosition("sinks/portal.yml", 1, 1))));
        new PlanStore(lake.lake().storage()).deploy(plan);
    }

    private static Flow flow(String target, String source, String expression) {
        SourcePosition position = new SourcePosition("pipelines/" + target.replace('.', '_') + ".sql", 1, 1);
        return new Flow(
                target,
                Dataset.of(TableName.parse(target), Dataset.Kind.MATERIALIZED_VIEW, NUMBERS, position),
                new Effect.Replace(),
                List.of(new Flow.Input(TableName.parse(source), Flow.Reading.WHOLE)),
                "SELECT (" + expression + ")::BIGINT AS id FROM \"" + source + "\"",
                List.of(),
                List.of(),
                "fedcba9876543210",
                position);
    }

    private static PostgresSink.Table taken(String from, String to) {
        return new PostgresSink.Table(
                TableName.parse(from),
                "public",
                to,
                List.of("id"),
                PostgresSink.Mode.MIRROR,
                new SourcePosition("sinks/portal.yml", 3, 3));
    }

    /** What the app's environment holds for a database of the server. */
    static Map<String, String> secret(EmbeddedServer server, String database) {
        return Map.of(
                "TARN_SECRET_PORTAL_URL",
                "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database + "?sslmode=disable");
    }

    /** Makes the table hold these numbers; answers the path of the commit's file. */
    String fill(String table, long... numbers) {
        StringBuilder rows = new StringBuilder();
        for (long number : numbers) {
            rows.append(rows.isEmpty() ? "(" : ", (").append(number).append("::BIGINT)");
        }
        lake.fill(table, "SELECT * FROM (VALUES " + rows + ") AS t (id)");
        return FILE.formatted(
                TableName.parse(table).path(), lake.snapshot(table).version());
    }

    List<String> ids(String table) {
        return lake.query(table, "SELECT id FROM %s ORDER BY id");
    }

    @Override
    public void close() {
        lake.close();
    }
}
