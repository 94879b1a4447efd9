package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.TableSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepeatsTest extends OnSmallOdoo {

    private static final TableSource.Table MOVE = SmallOdoo.table("account_move");

    @Test
    void whatAnOldTransactionKeepsAboveTheHorizonIsLandedOnce() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 100) AS i");
        try (Connection old = server.connect(database);
                Statement statement = old.createStatement()) {
            old.setAutoCommit(false);
            statement.execute("UPDATE res_currency SET active = true");
            extract(MOVE);
            odoo("UPDATE account_move SET name = 'B' WHERE id <= 10");

            assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(10L);
            odoo("UPDATE account_move SET name = 'C' WHERE id = 5");
            assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(1L);
            assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(0L);
            old.commit();
        }
        assertThat(lake.query(MOVES, "SELECT count(*), count(DISTINCT (id, _xid)) FROM %s"))
                .containsExactly("111|111");
        assertThat(lake.snapshot(MOVES).version()).isEqualTo(3);
    }

    @Test
    void aVersionThatAnotherTransactionWroteAgainIsAnotherOne() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, 'A', 1, '2026-01-01')");
        extract(MOVE);
        odoo("UPDATE account_move SET name = 'A' WHERE id = 1");

        assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(1L);
    }

    @Test
    void freshRowsComeByTheIndexAndLeaveTheHorizonWhereItWas() throws SQLException {
        odoo(
                "CREATE INDEX ON account_move (write_date, id)",
                "INSERT INTO account_move SELECT i, 'A', i, '2026-01-01'::date - i FROM generate_series(1, 100) AS i");
        DatabaseExtract extraction = extraction(SmallOdoo.source(fresh()));
        extraction.extract();
        String before = cursor();
        odoo(
                "UPDATE account_move SET name = 'fresh', write_date = '2026-01-02' WHERE id = 1",
                "UPDATE account_move SET name = 'without a date' WHERE id = 2");

        await(extraction);

        assertThat(lake.query(MOVES, "SELECT id, name FROM %s WHERE _seq = 2")).containsExactly("1|fresh");
        assertThat(cursor()).isEqualTo(before);
        assertThat(extraction.extract()).extracting(Extracted::rows).containsExactly(1L);
        assertThat(lake.query(MOVES, "SELECT id, name FROM %s WHERE _seq = 3")).containsExactly("2|without a date");
    }

    /** A look that is due by the clock, the first of which has something to do. */
    private static void await(DatabaseExtract extraction) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (extraction.extractDue().stream().noneMatch(extracted -> extracted.rows() > 0)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private static TableSource.Table fresh() {
        return new TableSource.Table(
                MOVE.relation(),
                MOVE.target(),
                Set.of(),
                List.of(),
                null,
                Duration.ofHours(1),
                Duration.ofMillis(1),
                MOVE.position());
    }

    private String cursor() {
        return lake.snapshot(MOVES)
                .progress("odoo.account_move")
                .flatMap(progress -> progress.source("odoo"))
                .orElseThrow()
                .cursor();
    }
}
