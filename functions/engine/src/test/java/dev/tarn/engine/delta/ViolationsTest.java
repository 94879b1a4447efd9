package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.duckdb.ViolationCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken rules are counted in the pass that writes the rows. */
class ViolationsTest extends DeltaFixture {

    private static final int ROWS = 1_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"", "region"})
    void everyBrokenRowIsCountedOnceWhileRowsAreWritten(String partition) {
        session.execute(
                "CREATE TABLE source AS SELECT range AS id, 'r' || range % 3 AS region FROM range(" + ROWS + ")");
        ViolationCounter counter = new ViolationCounter(2, 0b10);
        session.violations("broken", counter);
        String rule0 = "(id % 7 <> 0)";
        String rule1 = "(id % 1000 <> 1)";
        String sql = "SELECT id, region FROM (SELECT *, CASE WHEN " + rule0 + " AND " + rule1
                + " THEN TRUE ELSE broken(CASE WHEN " + rule0 + " THEN 0 ELSE 1 END + CASE WHEN " + rule1
                + " THEN 0 ELSE 2 END) END AS keep"
                // A join, a window and a duplicate of every row that the query itself takes out again.
                + " FROM (SELECT s.* FROM (SELECT * FROM source UNION ALL SELECT * FROM source) s"
                + " JOIN (SELECT DISTINCT region FROM source) r USING (region)"
                + " QUALIFY row_number() OVER (PARTITION BY s.id ORDER BY s.region) = 1)) WHERE keep";
        if (partition.isEmpty()) {
            create(sql);
        } else {
            create(sql, partition);
        }

        TableChange written = table.append(session, newest(), sql);

        assertThat(counter.broken(0)).isEqualTo((ROWS + 6) / 7);
        assertThat(counter.broken(1)).isEqualTo(ROWS / 1_000);
        assertThat(counter.dropped()).isEqualTo(ROWS / 1_000);
        assertThat(written.rows() + counter.dropped()).isEqualTo(ROWS);
    }
}
