package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.GOLD;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.expectation;
import static dev.tarn.engine.flow.FlowLake.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshnessTest {

    private static final Flow SILVER_FLOW =
            FlowLake.stream(expectation("positive", "amount > 0", OnViolation.FAIL_UPDATE));
    private static final Plan PLAN = new Plan(
            "0123456789abcdef",
            "orders",
            ZoneId.of("UTC"),
            List.of(SILVER_FLOW, FlowLake.total()),
            List.of(),
            List.of());

    @TempDir
    Path folder;

    private FlowLake lake;
    private Freshness freshness;

    @BeforeEach
    void open() {
        lake = new FlowLake(folder);
        freshness = new Freshness(lake.lake);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private void update() {
        freshness.update(PLAN, lake.updates::progress);
    }

    private void run() {
        lake.updates.run(SILVER_FLOW);
        lake.updates.run(FlowLake.total());
        update();
    }

    private Instant committed(TableName table, long version) {
        return lake.lake.table(table).snapshotAt(version).timestamp();
    }

    private String row(Instant asOf) {
        return "gold.total|" + asOf.toEpochMilli() + "|"
                + lake.snapshot(GOLD).timestamp().toEpochMilli() + "|"
                + lake.snapshot(GOLD).version();
    }

    private List<String> read() {
        try (Session session = lake.lake.duckDb().session()) {
            return session.query(
                    "SELECT \"table\", epoch_ms(as_of), epoch_ms(updated_at), version FROM "
                            + lake.snapshot(Freshness.TABLE).scan(session),
                    row -> row.getString(1) + "|" + row.getLong(2) + "|" + row.getLong(3) + "|" + row.getLong(4));
        }
    }

    @Test
    void aTableShowsWhatCameUntilTheNewestCommitThatItHasTaken() {
        long version = lake.arrive(rows("(1, 1)"));
        run();
        assertThat(read()).containsExactly(row(committed(BRONZE, version)));

        version = lake.arrive(rows("(2, 2)"));
        run();
        assertThat(read()).containsExactly(row(committed(BRONZE, version)));
    }

    @Test
    void withoutNewsThereIsNoCommitWhoeverAsks() {
        lake.arrive(rows("(1, 1)"));
        run();
        long version = lake.snapshot(Freshness.TABLE).version();

        update();
        new Freshness(lake.lake).update(PLAN, lake.updates::progress);

        assertThat(lake.snapshot(Freshness.TABLE).version()).isEqualTo(version);
    }

    @Test
    void whatFailsIsNotMadeFresher() {
        long version = lake.arrive(rows("(1, 1)"));
        run();
        List<String> before = read();
        lake.arrive(rows("(2, -2)"));
        assertThatThrownBy(() -> lake.updates.run(SILVER_FLOW)).isInstanceOf(TarnException.class);
        update();

        assertThat(read()).isEqualTo(before).containsExactly(row(committed(BRONZE, version)));
    }

    @Test
    void aViewThatCameOutAsItWasIsAsFreshAsWhatItWasComputedFrom() {
        lake.arrive(rows("(1, 1)"));
        run();
        // The silver flow leaves it out, so that silver and gold stay as they are.
        long version = lake.arrive(rows("(0, 5)"));
        run();
        assertThat(read()).containsExactly(row(committed(BRONZE, version)));
    }

    @Test
    void aTableThatWasNeverFilledIsNotInIt() {
        lake.make();
        update();
        assertThat(lake.lake.table(Freshness.TABLE).snapshot()).isEmpty();
        lake.arrive(rows("(1, 1)"));
        lake.updates.run(SILVER_FLOW);
        update();
        assertThat(lake.snapshot(SILVER).numRecords()).isEqualTo(1);
        assertThat(lake.lake.table(Freshness.TABLE).snapshot()).isEmpty();
    }
}
