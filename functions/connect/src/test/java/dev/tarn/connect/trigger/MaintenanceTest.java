package dev.tarn.connect.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceTest {

    private final List<String> told = new ArrayList<>();

    @TempDir
    private Path folder;

    private PlannedLake lake;
    private Plan plan;

    @BeforeEach
    void open() throws IOException {
        lake = PlannedLake.open(folder);
        lake.deploy();
        plan = new PlanStore(lake.lake().lake().storage()).current().orElseThrow();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void smallFilesArePackedAndRowsStay() {
        lake.fill("silver.doubled", 1);
        append("silver.doubled", 2);
        append("silver.doubled", 3);

        run();

        assertThat(told).containsExactly("silver.doubled: files packed in version 4");
        assertThat(lake.ids("silver.doubled")).containsExactly("1", "2", "3");
        told.clear();
        run();
        assertThat(told).as("nothing is left to do").isEmpty();
    }

    @Test
    void tablesBesideThoseOfEndpointsArePackedAsWell() {
        SourcePosition here = new SourcePosition("sources/n8n.yml", 4, 11);
        WebhookSource.Endpoint orders = WebhookSource.Endpoint.usual(
                "orders", new WebhookAuth.SharedSecret("x-key", List.of(new SecretRef("hook"))), List.of(), here);
        plan = new Plan(
                "0123456789abcdef",
                "shop",
                ZoneId.of("UTC"),
                List.of(),
                List.of(),
                List.of(),
                List.of(new WebhookSource("n8n", List.of(orders), here)),
                List.of(),
                Operation.USUAL);
        for (String table : List.of("bronze.orders_events_conflicts", "bronze.orders_events_repeats")) {
            lake.fill(table, 1);
            append(table, 2);
        }

        run();

        assertThat(told)
                .containsExactly(
                        "bronze.orders_events_conflicts: files packed in version 3",
                        "bronze.orders_events_repeats: files packed in version 3");
    }

    @Test
    void aTickThatHasNoTimeDoesOneTableAndTheNextGoesOn() {
        for (String table : List.of("gold.sums", "gold.years")) {
            lake.fill(table, 1);
            append(table, 2);
        }

        for (int tick = 1; tick <= 4; tick++) {
            new Maintenance(lake.lake().lake()).run(plan, () -> true, told::add);
        }

        assertThat(told)
                .containsExactly("gold.sums: files packed in version 3", "gold.years: files packed in version 3");
    }

    @Test
    void twoDoNotMaintainAtOnce() throws IOException {
        lake.fill("gold.sums", 1);
        append("gold.sums", 2);

        try (Lease held =
                lake.lake().lake().storage().lease("tarn/leases/maintain").orElseThrow()) {
            run();
            assertThat(held).isNotNull();
        }

        assertThat(told).containsExactly("The tables are being maintained by somebody else.");
    }

    private void run() {
        new Maintenance(lake.lake().lake()).run(plan, () -> false, told::add);
    }

    private void append(String name, long id) {
        DeltaTable table = lake.lake().lake().table(TableName.parse(name));
        try (Session session = lake.lake().lake().duckDb().session()) {
            table.run(
                    CommitRequest.ofWork(lake.lake().lake().newUpdateId(), "WRITE", Map.of()),
                    base -> table.append(session, base, "SELECT " + id + "::BIGINT AS id"));
        }
    }
}
