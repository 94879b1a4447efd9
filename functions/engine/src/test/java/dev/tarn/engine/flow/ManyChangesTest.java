package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.ChangesLake.flow;
import static dev.tarn.engine.flow.ChangesLake.type1;
import static dev.tarn.engine.flow.ChangesLake.type2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.model.Flow;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates of AUTO CDC that touch more rows, or more files, than can be named one by one. */
class ManyChangesTest {

    /** More rows than a merge looks up by their places. */
    private static final int ROWS = 30_000;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private ChangesLake lake;

    @BeforeEach
    void open() {
        lake = new ChangesLake(folder, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private void changes(Flow flow, int sequence, String range, String operation) {
        lake.arriveAll("SELECT i::INTEGER AS id, 'name' AS name, " + sequence + "::DECIMAL(18,2) AS amount, "
                + operation + " AS op, " + sequence + "::BIGINT AS seq FROM " + range + " r(i)");
        assertThat(lake.updates.run(flow)).isInstanceOf(UpdateOutcome.Completed.class);
    }

    private String target(String select, String where) {
        try (Session session = lake.lake.duckDb().session()) {
            return session.query(
                            "SELECT " + select + " FROM "
                                    + lake.snapshot(ChangesLake.SILVER).scan(session) + " WHERE " + where,
                            row -> row.getString(1))
                    .get(0);
        }
    }

    @Test
    void ofTypeOneLeaveTheNewestOfEachKey() {
        Flow flow = flow(type1());
        changes(flow, 2, "range(" + ROWS + ")", "'u'");
        changes(flow, 3, "range(0, " + ROWS + ", 5)", "'u'");
        changes(flow, 4, "range(" + ROWS / 2 + ", " + 2 * ROWS + ")", "CASE WHEN i % 2 = 0 THEN 'd' ELSE 'u' END");
        changes(flow, 1, "range(" + 2 * ROWS + ")", "'u'");
        // Kept: all below the half, of which a fifth is newer, and the odd ones from there on.
        long below = ROWS / 2;
        long odd = (2 * ROWS - below) / 2;
        assertThat(target(
                        "count(*) FILTER (id < " + below + ") || ' ' || count(*) FILTER (id >= " + below + ")", "TRUE"))
                .isEqualTo(below + " " + odd);
        assertThat(target("sum(amount)", "TRUE")).isEqualTo(2 * below + below / 5 + 4 * odd + ".00");
        assertThat(target("count(*)", "id >= " + below + " AND id % 2 = 0")).isEqualTo("0");
    }

    @Test
    void ofTypeTwoLeaveEveryVersion() {
        Flow flow = flow(type2("name", "amount"));
        changes(flow, 2, "range(" + ROWS + ")", "'u'");
        changes(flow, 4, "range(" + ROWS + ")", "CASE WHEN i % 2 = 0 THEN 'd' ELSE 'u' END");
        changes(flow, 3, "range(" + ROWS + ")", "'u'");
        assertThat(target("count(*)", "__START_AT = 2 AND __END_AT = 3")).isEqualTo(String.valueOf(ROWS));
        assertThat(target("count(*)", "__START_AT = 3 AND __END_AT = 4")).isEqualTo(String.valueOf(ROWS));
        assertThat(target("count(*)", "__START_AT = 4 AND __END_AT IS NULL AND id % 2 = 1"))
                .isEqualTo(String.valueOf(ROWS / 2));
        assertThat(target("count(*)", "TRUE")).isEqualTo(String.valueOf(2 * ROWS + ROWS / 2));
    }

    @Test
    @Tag("full")
    void findRowsThatLieInManyFiles() {
        Flow flow = flow(type2("name", "amount"));
        for (int sequence = 1; sequence <= 105; sequence++) {
            changes(flow, sequence, "range(" + 10 * sequence + ", " + (10 * sequence + 10) + ")", "'u'");
        }
        changes(flow, 200, "range(10, 1060)", "CASE WHEN i % 2 = 0 THEN 'd' ELSE 'u' END");
        assertThat(target("count(*)", "__END_AT = 200")).isEqualTo("1050");
        assertThat(target("count(*)", "__START_AT = 200 AND __END_AT IS NULL")).isEqualTo("525");
        assertThat(target("count(*)", "TRUE")).isEqualTo("1575");
    }
}
