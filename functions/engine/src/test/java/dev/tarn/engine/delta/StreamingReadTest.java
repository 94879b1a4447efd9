package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is new in a table, for a stream that has read it up to some version. */
class StreamingReadTest extends ChangesFixture {

    private static final String REFRESH = "\n    Refresh the table that reads it fully.";

    @BeforeEach
    void create() {
        createWith("SELECT 1::BIGINT AS id, 'a' AS name", Map.of("delta.enableDeletionVectors", "true"));
        append("SELECT 1::BIGINT AS id, 'a' AS name");
    }

    private List<String> skipping(long fromExclusive) {
        return rows(newest().scanAdded(
                        session,
                        fromExclusive,
                        ChangeCommits.SKIP,
                        () -> Set.copyOf(newest().schema().names())));
    }

    private void assertBroken(long fromExclusive, String message) {
        assertThatThrownBy(() -> rows(added(newest(), fromExclusive)))
                .isInstanceOf(TarnException.class)
                .hasMessage("STREAM_BROKEN  " + message);
    }

    @Test
    void aCommitThatChangesRowsEndsTheStreamOrIsLeftOut() {
        append("SELECT 2::BIGINT AS id, 'b' AS name");
        merge(Merge.upsert(
                List.of("id"),
                "SELECT 2::BIGINT AS id, 'c' AS name UNION ALL SELECT 3::BIGINT, 'is new and left out'"));
        delete("id = 1");
        append("SELECT 5::BIGINT AS id, 'e' AS name");

        assertBroken(
                1,
                "Version 3 of silver.invoice updated or deleted rows, so the rows that are new cannot be told from those"
                        + " that were there.\n    Make the table that reads it a materialized view, or refresh it fully.");
        assertThat(skipping(0)).containsExactly("1, a", "2, b", "5, e");
        assertThat(skipping(2)).containsExactly("5, e");
        assertThat(newest().numRecordsAdded(0, ChangeCommits.SKIP)).isEqualTo(3);
        assertThat(rows(added(newest(), 4))).containsExactly("5, e");
        assertBroken(
                3,
                "Version 4 of silver.invoice updated or deleted rows, so the rows that are new cannot be told from those"
                        + " that were there.\n    Make the table that reads it a materialized view, or refresh it fully.");
    }

    @Test
    void rowsThatAreOnlyRearrangedAreNotNew() throws Exception {
        String add = logText(1)
                .lines()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        String moved = add.replace("\"dataChange\":true", "\"dataChange\":false");
        commitLines(2, moved.replace("{\"add\"", "{\"remove\""), moved);
        append("SELECT 2::BIGINT AS id, 'b' AS name");

        assertThat(rows(added(newest(), 0))).containsExactly("1, a", "2, b");
        assertThat(rows(added(newest(), 1))).containsExactly("2, b");
    }

    @Test
    void commitsWithoutFilesAreFine() throws Exception {
        commitLines(2, "{\"txn\":{\"appId\":\"other\",\"version\":7}}");
        redefine("\"configuration\":{", "\"configuration\":{\"owner\":\"finance\",");
        append("SELECT 2::BIGINT AS id, 'b' AS name");

        assertThat(rows(added(newest(), 0))).containsExactly("1, a", "2, b");
    }

    @Test
    void columnsThatCameInBetweenAreNullBefore() {
        merge(Merge.upsert(List.of("id"), "SELECT 2::BIGINT AS id, 'b' AS name, 7 AS amount")
                .addingColumns());

        assertThat(rows(added(newest(), 0))).containsExactly("1, a, NULL", "2, b, 7");
    }

    @Test
    void columnsThatChangedOtherwiseBreakTheStreamThoughRowsAreSkipped() throws Exception {
        redefine("\\\"type\\\":\\\"long\\\"", "\\\"type\\\":\\\"string\\\"");
        append("SELECT 'x' AS id, 'b' AS name");

        assertBroken(
                0,
                "The columns of silver.invoice changed other than by adding some, in version 2 or later (id, before"
                        + " BIGINT, is STRING since), so the rows from before cannot be read with those that came since."
                        + REFRESH);
        assertThat(rows(added(newest(), 1))).containsExactly("x, b");
    }

    @Test
    void rowsThatAFileBringsAndHidesAreNotNew() throws Exception {
        preferVectors();
        append("SELECT range::BIGINT AS id, 'b' AS name FROM range(10, 14)");
        delete("id = 12");
        String add = logText(3)
                .lines()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        assertThat(add).contains("deletionVector");
        commitLines(4, add.replace("\"part-", "\"copy-"));
        String path = newest().files().stream()
                .map(DataFile::path)
                .filter(file -> file.contains("/copy-"))
                .findFirst()
                .orElseThrow();
        java.nio.file.Path lake = folder.resolve("lake");
        java.nio.file.Files.copy(lake.resolve(path.replace("/copy-", "/part-")), lake.resolve(path));

        assertThat(rows(added(newest(), 3))).containsExactly("10, b", "11, b", "13, b");
        assertThat(newest().numRecordsAdded(3)).isEqualTo(3);
    }

    @Test
    void aCommitThatIsGoneBreaksTheStream() throws Exception {
        for (int i = 0; i < 10; i++) {
            append("SELECT 2::BIGINT AS id, 'b' AS name");
        }
        for (long version = 0; version < 3; version++) {
            storage.delete(logFile(version));
        }
        tables = new DeltaTables(storage, duckDb, java.time.Clock.systemUTC());
        table = tables.table(NAME);

        assertBroken(
                1,
                "Version 2 of silver.invoice is no longer in its log, so the rows it brought are unknown." + REFRESH);
        assertThat(newest().numRecordsAdded(2)).isEqualTo(9);
    }

    @Test
    void aTableThatWasMadeAnewInBetweenBreaksTheStream() throws Exception {
        redefine(newest().tableId(), "0f0f0f0f-0000-4000-8000-000000000000");
        append("SELECT 2::BIGINT AS id, 'b' AS name");
        long version = newest().version();
        redefine("0f0f0f0f-0000-4000-8000-000000000000", "0f0f0f0f-0000-4000-8000-000000000001");

        assertThat(version).isEqualTo(3);
        assertBroken(1, "Version 2 of silver.invoice is of a table that was made anew since." + REFRESH);
        assertThat(rows(added(newest(), 3))).isEmpty();
    }
}
