package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TarnException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeTest extends DeltaFixture {

    private static final String FIRST =
            "SELECT range::BIGINT AS id, 'old ' || range AS name, (range * 1.5)::DECIMAL(9,2) AS amount FROM range(100)";

    @BeforeEach
    void create() {
        table.create(new TableDefinition(
                session.describe(FIRST),
                List.of(),
                "",
                Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true")));
    }

    /** Deletion vectors in files of any size, where little of them changes. */
    private void preferVectors() {
        tables = new DeltaTables(
                storage, duckDb, Clock.systemUTC(), new WritePolicy(0, 0.5, 0.2, Retries.usual(Pause.real())));
        table = tables.table(NAME);
    }

    private Commit merge(Merge merge) {
        TableSnapshot base = newest();
        return table.commit(
                table.merge(session, base, merge),
                request(base.updateNumber(FLOW).orElse(-1) + 1));
    }

    private static Merge upsert(String values) {
        return Merge.upsert(
                        List.of("id"),
                        "SELECT id::BIGINT AS id, name, amount::DECIMAL(9,2) AS amount, gone FROM (VALUES " + values
                                + ") v(id, name, amount, gone)")
                .deletingWhen("s.gone", "gone");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rowsAreInsertedUpdatedAndDeletedByKey(boolean vectors) throws Exception {
        if (vectors) {
            preferVectors();
        }
        append(FIRST);

        assertThat(merge(upsert(
                        "(1, 'new', 7, false), (2, NULL, 8, true), (200, 'came', 9, false), (300, 'no', 1, true)")))
                .isEqualTo(new Commit.Committed(2));

        assertThat(newest().numRecords()).isEqualTo(100);
        assertThat(rows("(SELECT * FROM " + newest().scan(session) + " WHERE id < 4 OR id > 98)"))
                .containsExactly(
                        "0, old 0, 0.00", "1, new, 7.00", "200, came, 9.00", "3, old 3, 4.50", "99, old 99, 148.50");
        assertThat(storage.list(NAME.path(), ""))
                .filteredOn(file -> file.name().startsWith("deletion_vector"))
                .hasSize(vectors ? 1 : 0);
        assertThat(storage.list(NAME.path() + "/_change_data", "")).hasSize(1);
    }

    @Test
    void aSecondMergeExtendsTheDeletionVectorOfTheFirst() {
        preferVectors();
        append(FIRST);
        merge(upsert("(1, 'new', 7, false), (2, NULL, 8, true)"));
        merge(upsert("(1, 'newer', 7, false), (3, NULL, 8, true)"));

        assertThat(newest().numRecords()).isEqualTo(98);
        assertThat(rows("(SELECT * FROM " + newest().scan(session) + " WHERE id < 5)"))
                .containsExactly("0, old 0, 0.00", "1, newer, 7.00", "4, old 4, 6.00");
    }

    @Test
    void anUpdateThatChangesNothingIsNone() throws Exception {
        append(FIRST);
        List<StoredFile> before = storage.list(NAME.path(), "");

        merge(upsert("(1, 'old 1', 1.5, false)"));

        assertThat(storage.list(NAME.path(), "")).isEqualTo(before);
    }

    @Test
    void filesWithoutTheKeysAreNotTouched() {
        append(FIRST);
        append("SELECT id + 1000 AS id, name, amount FROM (" + FIRST + ")");
        TableSnapshot base = newest();
        TableChange change = table.merge(session, base, upsert("(5, 'x', 1, false), (5000, 'y', 1, false)"));

        assertThat(change.removedPaths()).hasSize(1);
        assertThat(change.counts()).isEqualTo(new RowCounts(1, 1, 0));
    }

    @Test
    void keysThatOccurTwiceAreRefused() {
        assertThatThrownBy(() -> merge(upsert("(1, 'a', 1, false), (1, 'b', 1, false), (2, 'c', 1, false)")))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "MERGE_KEYS_INVALID  Rows cannot be merged into silver.invoice by id: 1 keys occur more than once"
                                + " in 3 rows, so which row is meant cannot be told.\n    Keep one row of each key: QUALIFY"
                                + " row_number() OVER (PARTITION BY id ORDER BY ... DESC) = 1.");
    }

    @Test
    void missingKeysAreRefused() {
        assertThatThrownBy(() -> merge(upsert("(NULL, 'a', 1, false), (2, 'c', 1, false)")))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "MERGE_KEYS_INVALID  Rows cannot be merged into silver.invoice by id: 1 of 2 rows have no key.\n"
                                + "    Leave rows out of which a key is NULL.");
    }

    @Test
    void rowsThatMoveToAnotherPartitionLeaveTheirOwn() {
        String rows = "SELECT range::BIGINT AS id, 'p' || range % 2 AS p FROM range(10)";
        table = tables.table(dev.tarn.model.TableName.parse("silver.parted"));
        create(rows, "p");
        append(rows);
        merge(Merge.upsert(List.of("id"), "SELECT 4::BIGINT AS id, 'p1' AS p"));

        assertThat(rows("(SELECT p, count(*) AS n FROM " + newest().scan(session) + " GROUP BY p)"))
                .containsExactly("p0, 4", "p1, 6");
        assertThat(newest().files()).hasSize(3);
    }

    @Test
    void columnsThatAreNewInTheSourceAreAdded() {
        append(FIRST);
        merge(Merge.upsert(
                        List.of("id"),
                        "SELECT 1::BIGINT AS id, TIMESTAMP '2026-01-01 10:00:00' AS seen UNION ALL SELECT 100, NULL")
                .addingColumns());

        assertThat(rows("(SELECT * FROM " + newest().scan(session) + " WHERE id IN (0, 1, 100))"))
                .containsExactly(
                        "0, old 0, 0.00, NULL", "1, old 1, 1.50, 2026-01-01 10:00:00", "100, NULL, NULL, NULL");
    }

    @Test
    void anExpressionMayKeepWhatIsThere() {
        append(FIRST);
        merge(Merge.upsert(List.of("id"), "SELECT 1::BIGINT AS id, NULL::VARCHAR AS name, 5::DECIMAL(9,2) AS amount")
                .setting("name", "coalesce(s.name, t.name)")
                .updatingWhen("s.amount > t.amount"));

        assertThat(rows("(SELECT * FROM " + newest().scan(session) + " WHERE id = 1)"))
                .containsExactly("1, old 1, 5.00");
    }
}
