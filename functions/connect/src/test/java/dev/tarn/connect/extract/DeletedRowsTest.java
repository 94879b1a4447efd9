package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeletedRowsTest extends OnSmallOdoo {

    private static final TableSource.Table MOVE = SmallOdoo.table("account_move");
    private static final String GONE = "SELECT id FROM %s WHERE _op = 'delete' ORDER BY id";

    @Test
    void aRowThatIsGoneIsToldWithItsLastValuesAndWhy() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A' || i, i, '2026-01-01' FROM generate_series(-2, 5) AS i");
        extract(MOVE);
        odoo("UPDATE account_move SET name = 'newer' WHERE id = 3", "DELETE FROM account_move WHERE id IN (-1, 3)");

        List<Extracted> extracted = extract(MOVE);

        assertThat(extracted).extracting(Extracted::rows).containsExactly(2L);
        assertThat(lake.query(
                        MOVES,
                        "SELECT id, name, _seq, regexp_replace(_reason, '\\d+', 'n'), _xid FROM %s"
                                + " WHERE _op = 'delete' ORDER BY id"))
                .containsExactly(
                        "-1|A-1|2|not in account_move as of transaction n|null",
                        "3|A3|2|not in account_move as of transaction n|null");
        assertThat(lake.query(MOVES, NOW)).hasSize(6).isEqualTo(inOdoo());
        assertThat(extract(MOVE)).as("once").extracting(Extracted::rows).containsExactly(0L);
    }

    @Test
    void anIdThatIsUsedAgainIsAnotherRow() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, 'first', 1, '2026-01-01'), (2, 'x', 1, '2026-01-01')");
        extract(MOVE);
        odoo("DELETE FROM account_move WHERE id = 1");
        extract(MOVE);
        odoo("INSERT INTO account_move VALUES (1, 'second', 1, '2026-01-01')");
        extract(MOVE);

        assertThat(lake.query(MOVES, "SELECT _op, name FROM %s WHERE id = 1 ORDER BY _seq"))
                .containsExactly("upsert|first", "delete|first", "upsert|second");
        assertThat(lake.query(MOVES, NOW)).isEqualTo(inOdoo());
    }

    @Test
    void keysOfSeveralColumnsAndTextsAreCompared() throws SQLException {
        odoo(
                "CREATE TABLE move_tax_rel (move_id int, tax_id int, PRIMARY KEY (move_id, tax_id))",
                "INSERT INTO move_tax_rel SELECT i, j FROM generate_series(1, 50) AS i, generate_series(1, 3) AS j",
                "CREATE TABLE word (word text PRIMARY KEY, day date)",
                "INSERT INTO word SELECT 'ä' || i, '2026-01-01' FROM generate_series(1, 100) AS i");
        TableSource.Table pairs = SmallOdoo.table("move_tax_rel");
        TableSource.Table words = SmallOdoo.table("word");
        extract(pairs, words);
        odoo("DELETE FROM move_tax_rel WHERE move_id = 7 AND tax_id = 2", "DELETE FROM word WHERE word = 'ä42'");

        extract(pairs, words);

        assertThat(lake.query("bronze.move_tax_rel", "SELECT move_id, tax_id FROM %s WHERE _op = 'delete'"))
                .containsExactly("7|2");
        assertThat(lake.query("bronze.word", "SELECT word, day FROM %s WHERE _op = 'delete'"))
                .containsExactly("ä42|2026-01-01");
    }

    @Test
    void tooManyDeletesAreHeldUntilSomebodyAcceptsThem() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 3000) AS i");
        extract(MOVE);
        odoo("TRUNCATE account_move", "INSERT INTO account_move VALUES (1, 'kept', 1, '2026-01-01')");

        assertThatThrownBy(() -> extract(MOVE))
                .hasMessage(
                        "sources/odoo.yml:9:5  DELETES_HELD  2999 of 3000 rows of account_move are gone from the source,"
                                + " which is more than stop_above lets pass; bronze.account_move keeps them.\n    If it is meant: tarn"
                                + " odoo reconcile --table account_move --accept-deletes 2999; if not, look at what happened to"
                                + " account_move.");
        assertThat(lake.query(MOVES, "SELECT count(*) FROM %s WHERE _op = 'delete'"))
                .containsExactly("0");
        assertThat(lake.query(MOVES, "SELECT name FROM %s WHERE id = 1 ORDER BY _seq"))
                .as("what is new came all the same")
                .containsExactly("A", "kept");

        assertThatThrownBy(() -> reconcile(2998, MOVE)).hasMessageContaining("DELETES_HELD");
        assertThat(reconcile(2999, MOVE)).extracting(Extracted::rows).containsExactly(2999L);
        assertThat(lake.query(MOVES, NOW)).isEqualTo(inOdoo());
    }

    @Test
    void aFewDeletesOfASmallTableAreNotHeld() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 21) AS i");
        extract(MOVE);
        odoo("DELETE FROM account_move WHERE id > 1");

        assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(20L);
    }

    @Test
    void aRowThatNoLookHasSeenIsReadAndTold() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 100) AS i");
        extract(MOVE);
        loseRows("\"id\" IN (5, 50)");

        List<Extracted> extracted = extract(MOVE);

        assertThat(extracted.get(0).remarks())
                .containsExactly(
                        "2 rows of account_move that no look had seen were found by comparing keys and read now;"
                                + " somebody moved rows in the database without writing them.");
        assertThat(lake.query(MOVES, NOW)).isEqualTo(inOdoo());
    }

    @Test
    void aLargeTableIsComparedInSeveralLooks() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(-500, 3000) AS i");
        extract(MOVE);
        odoo("DELETE FROM account_move WHERE id % 500 = 0");
        TableSource source = SmallOdoo.source(MOVE);
        Instant begun = lake.lake().clock().instant();

        LookTimes times = lookLater(source, new LookTimes(source));
        List<String> first = lake.query(MOVES, GONE);
        List<Long> reached = new ArrayList<>();
        for (Long next = times.times(MOVE).compared();
                next != null;
                next = times.times(MOVE).compared()) {
            reached.add(next);
            times = lookLater(source, times);
        }

        assertThat(first)
                .as("only the lowest keys were compared")
                .contains("-500")
                .doesNotContain("3000");
        assertThat(reached).as("about 1000 keys a look").hasSizeBetween(2, 5).isSorted();
        assertThat(times.times(MOVE).deletes()).isAfterOrEqualTo(begun);
        assertThat(times.deletesAreDue(MOVE, lake.lake().clock().instant())).isFalse();
        assertThat(lake.query(MOVES, GONE)).containsExactly("-500", "0", "500", "1000", "1500", "2000", "2500", "3000");
        assertThat(lake.query(MOVES, NOW)).isEqualTo(inOdoo());
    }

    @Test
    void deletesThatAPartOfATableHoldsAreToldAsSuch() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 3000) AS i");
        extract(MOVE);
        odoo("DELETE FROM account_move WHERE id <= 25");
        TableSource source = SmallOdoo.source(MOVE);

        assertThatThrownBy(() -> lookLater(source, new LookTimes(source)))
                .hasMessageMatching(
                        "\\Qsources/odoo.yml:9:5  DELETES_HELD  25 of \\E\\d+\\Q rows of account_move that were"
                                + " compared are gone from the source, which is more than stop_above lets pass;"
                                + " bronze.account_move keeps them.\n    If it is meant: tarn odoo reconcile --table account_move,"
                                + " which compares the whole table and says how many are to be accepted; if not, look at what"
                                + " happened to account_move.\\E");
    }

    /** As if time had passed, but for what was compared. */
    private LookTimes lookLater(TableSource source, LookTimes before) {
        LookTimes.Times last = before.times(MOVE);
        LookTimes times = new LookTimes(
                source, Map.of(MOVE.target(), new LookTimes.Times(null, null, last.deletes(), last.compared(), null)));
        extraction(source, new LoadRange.Size(131_072, 4_096, 1_000)).extractDue(times, () -> false);
        return times;
    }

    /** As if they had never been read. */
    private void loseRows(String condition) {
        DeltaTable table = lake.lake().table(TableName.parse(MOVES));
        TableSnapshot base = table.snapshot().orElseThrow();
        try (Session session = lake.lake().duckDb().session()) {
            table.commit(
                    table.delete(session, base, RowFilter.matching(condition)),
                    CommitRequest.ofWork(lake.lake().newUpdateId(), "DELETE", Map.of()));
        }
    }

    private List<String> inOdoo() throws SQLException {
        return server.query(
                database,
                "SELECT id, name, amount_total::numeric(38,18), write_date::text || '+00' FROM account_move ORDER BY id");
    }
}
