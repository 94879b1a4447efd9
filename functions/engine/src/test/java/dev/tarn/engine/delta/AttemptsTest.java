package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TarnException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttemptsTest extends DeltaFixture {

    private final List<Duration> rests = new ArrayList<>();

    @BeforeEach
    void create() {
        create("SELECT 0::BIGINT AS id, '' AS name");
        append("SELECT range AS id, 'first' AS name FROM range(10)");
        tables = new DeltaTables(
                storage, duckDb, Clock.systemUTC(), new WritePolicy(0, 0.5, 0.2, new Retries(4, rests::add)));
        table = tables.table(NAME);
    }

    /** Another writer brings {@code rows} while the work is planned, as often as {@code times} says. */
    private Function<TableSnapshot, TableChange> overtaken(
            int times, String rows, Function<TableSnapshot, TableChange> plan) {
        List<String> done = new ArrayList<>();
        return base -> {
            TableChange change = plan.apply(base);
            if (done.size() < times) {
                done.add(rows);
                table.commit(table.append(session, base, rows), request("other", 10L + rests.size()));
            }
            return change;
        };
    }

    private TableChange upsert(TableSnapshot base) {
        return table.merge(session, base, Merge.upsert(List.of("id"), "SELECT 77::BIGINT AS id, 'merged' AS name"));
    }

    @Test
    void aMergeIsPlannedAnewWhenItsKeyCameMeanwhile() {
        Commit commit = table.run(request(1), overtaken(1, "SELECT 77::BIGINT AS id, 'other' AS name", this::upsert));

        assertThat(commit).isEqualTo(new Commit.Committed(3));
        assertThat(rests).hasSize(1);
        assertThat(rows("(SELECT * FROM " + newest().scan(session) + " WHERE id > 10)"))
                .containsExactly("77, merged");
    }

    @Test
    void rowsWithOtherKeysDoNotStandInTheWayOfAMerge() {
        Commit commit = table.run(request(1), overtaken(1, "SELECT 78::BIGINT AS id, 'other' AS name", this::upsert));

        assertThat(commit).isEqualTo(new Commit.Committed(3));
        assertThat(rests).isEmpty();
    }

    @Test
    void whoIsOvertakenTooOftenGivesUpAndLeavesNothing() throws Exception {
        long files = dataFiles();

        assertThatThrownBy(() ->
                        table.run(request(1), overtaken(99, "SELECT 77::BIGINT AS id, 'other' AS name", this::upsert)))
                .isInstanceOf(TarnException.class)
                .hasMessage("COMMIT_CONFLICT  WRITE of silver.invoice was planned 4 times, and each time another writer"
                        + " changed what it had read before it was committed. Nothing of it is in the table.\n"
                        + "    Run it again, or let fewer writers change these rows at a time.");

        assertThat(rests).hasSize(4);
        assertThat(dataFiles()).isEqualTo(files + 4);
    }

    private long dataFiles() throws Exception {
        return storage.list(NAME.path(), "").stream()
                .map(StoredFile::name)
                .filter(name -> name.endsWith(".parquet"))
                .count();
    }

    @Test
    void aDeletionIsPlannedAnewWhenARowOfItCameMeanwhile() {
        RowFilter filter = RowFilter.between("id", "5", "80");

        table.run(
                request(1),
                overtaken(1, "SELECT 77::BIGINT AS id, 'other' AS name", base -> table.delete(session, base, filter)));

        assertThat(newest().numRecords()).isEqualTo(5);
        assertThat(rests).hasSize(1);
    }

    @Test
    void whatAnotherAttemptAtTheSameUpdateCommittedIsNotDoneAgain() {
        table.commit(table.append(session, newest(), "SELECT 5::BIGINT AS id, 'x' AS name"), request(1));

        assertThat(table.run(request(1), base -> table.append(session, base, "SELECT 5::BIGINT AS id, 'x' AS name")))
                .isEqualTo(new Commit.AlreadyCommitted(2));
    }
}
