package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.TarnException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacementTest extends DeltaFixture {

    private static final String ROWS =
            "SELECT range::BIGINT AS id, CASE WHEN range % 7 = 0 THEN NULL ELSE 'row ' || range // 2 END AS name FROM range(1000)";

    private void createKeeping(String rows) {
        table.create(new TableDefinition(
                session.describe(rows),
                List.of(),
                "",
                Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true")));
    }

    /** Files are changed in part, however small they are, by vectors or by copies. */
    private void changeInPart(boolean vectors) {
        tables = new DeltaTables(
                storage,
                duckDb,
                Clock.systemUTC(),
                new WritePolicy(0, vectors ? 0.9 : 0, 0.5, Retries.usual(Pause.real())));
        table = tables.table(NAME);
    }

    @Test
    void anEqualResultIsNoChangeWhateverItsOrder() {
        createKeeping(ROWS);
        append(ROWS + " UNION ALL SELECT 5, 'row 2'");

        TableChange change = table.replace(
                session,
                newest(),
                "SELECT * FROM (SELECT 5::BIGINT AS id, 'row 2' AS name UNION ALL " + ROWS + ") ORDER BY id DESC");

        assertThat(change.isNothing()).isTrue();
        assertThat(change.rows()).isEqualTo(1001);
    }

    @Test
    void oneRowLessOfTwoEqualOnesIsAChange() {
        createKeeping(ROWS);
        append(ROWS + " UNION ALL SELECT 5, 'row 2'");
        replace(ROWS);

        assertThat(newest().numRecords()).isEqualTo(1000);
        assertThat(changes(2)).containsExactly("5, row 2, delete");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyTheRowsThatDifferAreWrittenAndTold(boolean vectors) {
        changeInPart(vectors);
        createKeeping(ROWS);
        append(ROWS);
        List<DataFile> before = newest().files();

        replace("SELECT id, CASE WHEN id = 3 THEN 'other' ELSE name END AS name FROM (" + ROWS + ") WHERE id <> 9");

        assertThat(changes(2)).containsExactly("3, other, insert", "3, row 1, delete", "9, row 4, delete");
        assertThat(newest().numRecords()).isEqualTo(999);
        assertThat(newest().files())
                .extracting(DataFile::path)
                .as("kept with a vector")
                .satisfies(paths -> assertThat(paths.containsAll(
                                before.stream().map(DataFile::path).toList()))
                        .isEqualTo(vectors));
        assertThat(rows("(SELECT * FROM " + newest().scan(session) + " WHERE id IN (3, 4, 9))"))
                .containsExactly("3, other", "4, row 2");
    }

    private List<String> changes(long version) {
        String from = table.changes(
                session, version, version, () -> Set.copyOf(newest().schema().names()));
        return rows("(SELECT id, name, _change_type FROM " + from + ")");
    }

    @Test
    void aResultThatIsTooLargeToBeComparedRowByRowIsRecognizedAllTheSame() {
        String many = "SELECT range::BIGINT AS id, md5(range::VARCHAR) AS name FROM range(700000)";
        Budget little = new Budget(256L << 20, 64L << 20, 0, 1L << 30, 1L << 30, 2);
        createKeeping(many);
        append(many);
        try (DuckDb small = DuckDb.open(little, folder.resolve("small"));
                Session own = small.session()) {
            DeltaTable same = new DeltaTables(storage, small, Clock.systemUTC()).table(NAME);
            TableSnapshot base = same.snapshot().orElseThrow();

            assertThat(same.replace(own, base, many).isNothing()).isTrue();

            TableChange other =
                    same.replace(own, base, many.replace("md5(range::VARCHAR)", "md5((range // 699999)::VARCHAR)"));
            assertThat(other.counts()).isEqualTo(new RowCounts(700_000, 0, 700_000));
            same.commit(other, request(1));
        }
        assertThat(newest().numRecords()).isEqualTo(700_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void columnsMayHaveAnyName(boolean vectors) {
        changeInPart(vectors);
        String rows =
                "SELECT range::BIGINT AS id, range AS n, range AS number, range AS k, range AS o, range AS o0, range AS n0,"
                        + " range AS d, range AS u, range AS t, range AS s, range AS f, range AS file, range AS position,"
                        + " range AS filename FROM range(100)";
        createKeeping(rows);
        append(rows);
        replace("SELECT * REPLACE (CASE WHEN id = 3 THEN 12345678901 ELSE n END AS n) FROM (" + rows + ")");
        table.commit(
                table.merge(
                        session,
                        newest(),
                        Merge.upsert(
                                List.of("id", "n"),
                                "SELECT * REPLACE (7::BIGINT AS number) FROM (" + rows + ") WHERE id = 5")),
                request(7));
        table.commit(table.delete(session, newest(), RowFilter.between("position", "6", "9")), request(8));

        assertThat(newest().numRecords()).isEqualTo(96);
        assertThat(rows("(SELECT id, n, number, k FROM " + newest().scan(session) + " WHERE id IN (3, 5, 6))"))
                .containsExactly("3, 12345678901, 3, 3", "5, 5, 7, 5");
    }

    @Test
    void rowsThatAreNotOfTheReplacedPartAreRefused() {
        createKeeping(ROWS);
        append(ROWS);

        assertThatThrownBy(() -> table.replaceWhere(
                        session,
                        newest(),
                        RowFilter.between("id", "10", "19"),
                        "SELECT 12::BIGINT AS id, 'in' AS name UNION ALL SELECT 20, 'out'"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "ROWS_OUTSIDE  1 of 2 rows that are to replace a part of silver.invoice are not of that part: not true"
                                + " that \"id\" BETWEEN 10 AND 19.\n    Let the query yield rows of that part only, or replace a larger"
                                + " part.");
        assertThat(newest().numRecords()).isEqualTo(1000);
    }
}
