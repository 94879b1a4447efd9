package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeFeedTest extends ChangesFixture {

    private static final String FIRST = "SELECT range::BIGINT AS id, 'old ' || range AS name FROM range(4)";

    private static Merge upsert(String values) {
        return Merge.upsert(
                        List.of("id"),
                        "SELECT id::BIGINT AS id, name, gone FROM (VALUES " + values + ") v(id, name, gone)")
                .deletingWhen("s.gone", "gone");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyOperationTellsWhatItChanged(boolean vectors) {
        if (vectors) {
            preferVectors();
        }
        createKeeping(FIRST);
        append(FIRST);
        merge(upsert("(0, 'new', false), (1, NULL, true), (9, 'came', false)"));
        delete("id = 3");
        replace("SELECT * FROM (VALUES (0::BIGINT, 'new'), (2, 'old 2'), (2, 'old 2'), (7, 'seven')) v(id, name)");
        commit(table.replaceWhere(
                session, newest(), new RowFilter("id < 3", Map.of()), "SELECT 0::BIGINT AS id, 'newer' AS name"));

        assertThat(changed(0, 1))
                .containsExactly(
                        "0, old 0, insert, 1", "1, old 1, insert, 1", "2, old 2, insert, 1", "3, old 3, insert, 1");
        assertThat(changed(2, 3))
                .containsExactly(
                        "0, new, update_postimage, 2",
                        "0, old 0, update_preimage, 2",
                        "1, old 1, delete, 2",
                        "3, old 3, delete, 3",
                        "9, came, insert, 2");
        assertThat(changed(4, 4)).containsExactly("2, old 2, insert, 4", "7, seven, insert, 4", "9, came, delete, 4");
        assertThat(changed(5, 5))
                .containsExactly(
                        "0, new, delete, 5", "0, newer, insert, 5", "2, old 2, delete, 5", "2, old 2, delete, 5");
        assertThat(changed(1, 5)).hasSize(16);
        assertChangesExplainEveryVersion();
    }

    @Test
    void rowsOfPartitionsAreTold() {
        String rows = "SELECT range::BIGINT AS id, 'p ' || range % 2 AS p FROM range(4)";
        createKeeping(rows, "p");
        append(rows);
        merge(Merge.upsert(List.of("id"), "SELECT 0::BIGINT AS id, 'p 1' AS p UNION ALL SELECT 7, NULL"));

        assertThat(changed(2, 2))
                .containsExactly("0, p 0, update_preimage, 2", "0, p 1, update_postimage, 2", "7, NULL, insert, 2");
        assertChangesExplainEveryVersion();
    }

    @Test
    void columnsThatCameLaterAreNullInOlderChanges() {
        createKeeping(FIRST);
        append("SELECT 1::BIGINT AS id, 'a' AS name");
        merge(Merge.upsert(List.of("id"), "SELECT 1::BIGINT AS id, 5 AS amount").addingColumns());

        assertThat(changed(1, 2))
                .containsExactly(
                        "1, a, 5, update_postimage, 2", "1, a, NULL, insert, 1", "1, a, NULL, update_preimage, 2");
        assertThat(changed(1, 1)).containsExactly("1, a, insert, 1");
        assertChangesExplainEveryVersion();
    }

    @Test
    void rowsThatADeletionVectorHidesOrShowsAnewAreTheChange() throws Exception {
        preferVectors();
        createKeeping(FIRST);
        append(FIRST);
        delete("id = 1");
        delete("id = 2");
        String last = logText(3);
        String before = logText(2);
        String added = line(last, "{\"add\"");
        String smaller = line(before, "{\"add\"");
        String whole = line(logText(1), "{\"add\"");
        assertThat(added).contains("deletionVector");
        // As Spark's RESTORE: from two hidden rows to one, to none, and back to two.
        commitLines(4, asRemove(added), smaller);
        commitLines(5, asRemove(smaller), whole);
        commitLines(6, asRemove(whole), added);

        assertThat(changed(4, 4)).containsExactly("2, old 2, insert, 4");
        assertThat(changed(5, 5)).containsExactly("1, old 1, insert, 5");
        assertThat(changed(6, 6)).containsExactly("1, old 1, delete, 6", "2, old 2, delete, 6");
        assertThat(changed(2, 6)).hasSize(6);
        assertChangesExplainEveryVersion();
    }

    @Test
    void aDeletionVectorInPlaceOfAnotherHidesAndShowsRows() throws Exception {
        preferVectors();
        createKeeping(FIRST);
        append(FIRST);
        delete("id = 1");
        String first = line(logText(2), "{\"add\"");
        commitLines(3, asRemove(first), line(logText(1), "{\"add\""));
        delete("id = 2 OR id = 0");
        commitLines(5, asRemove(line(logText(4), "{\"add\"")), first);

        assertThat(changed(5, 5)).containsExactly("0, old 0, insert, 5", "1, old 1, delete, 5", "2, old 2, insert, 5");
        assertChangesExplainEveryVersion();
    }

    private static String line(String log, String start) {
        return log.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    private static String asRemove(String add) {
        return add.replace("{\"add\"", "{\"remove\"")
                .replace("\"modificationTime\"", "\"extendedFileMetadata\":true,\"deletionTimestamp\"");
    }

    @Test
    void aRemovedFileTellsOnlyTheRowsThatItStillHad() throws Exception {
        preferVectors();
        createKeeping(FIRST);
        append(FIRST);
        delete("id = 1");
        commitLines(3, asRemove(line(logText(2), "{\"add\"")));

        assertThat(changed(3, 3)).containsExactly("0, old 0, delete, 3", "2, old 2, delete, 3", "3, old 3, delete, 3");
    }

    @Test
    void filesThatAreOnlyRearrangedTellNothing() throws Exception {
        createKeeping(FIRST);
        append(FIRST);
        String add = line(logText(1), "{\"add\"").replace("\"dataChange\":true", "\"dataChange\":false");
        commitLines(2, asRemove(add), add);

        assertThat(changed(2, 2)).isEmpty();
        assertThat(session.describe("SELECT * FROM " + changes(2, 2)))
                .isEqualTo(session.describe("SELECT * FROM " + changes(1, 1)));
    }

    @Test
    void aMergeThatSaysItChangedNothingTellsNothing() throws Exception {
        createKeeping(FIRST);
        append(FIRST);
        String add = line(logText(1), "{\"add\"");
        String info = "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"MERGE\",\"operationMetrics\":{"
                + "\"numTargetRowsInserted\":\"0\",\"numTargetRowsUpdated\":\"0\",\"numTargetRowsDeleted\":\"%d\"}}}";
        commitLines(2, info.formatted(0), asRemove(add));
        commitLines(3, info.formatted(4), add);

        assertThat(changed(2, 2)).isEmpty();
        assertThat(changed(3, 3)).hasSize(4);
    }

    @Test
    void aFileThatManyCommitsChangedIsTheAnswerToEach() throws Exception {
        createKeeping(FIRST);
        append("SELECT 1::BIGINT AS id, 'a' AS name");
        String add = line(logText(1), "{\"add\"");
        for (long version = 2; version < 200; version += 2) {
            commitLines(version, asRemove(add));
            commitLines(version + 1, add);
        }

        assertThat(session.query(
                        "SELECT _change_type, count(*), count(DISTINCT _commit_version) FROM " + changes(1, 199)
                                + " GROUP BY 1 ORDER BY 1",
                        row -> row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3)))
                .containsExactly("delete 99 99", "insert 100 100");
    }

    @Test
    void momentsAreThoseOfTheCommitFilesAndGrow() throws Exception {
        createKeeping(FIRST);
        append(FIRST);
        append(FIRST);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        setTime(0, start);
        setTime(1, start.plusSeconds(60));
        setTime(2, start.plusSeconds(30));

        assertThat(moments(1, 2)).containsExactly("1 2026-01-01 00:01:00+00", "2 2026-01-01 00:01:00.001+00");
        assertThat(moments(2, 2)).containsExactly("2 2026-01-01 00:01:00.001+00");
    }

    private void setTime(long version, Instant time) throws Exception {
        Path file = folder.resolve("lake").resolve(logFile(version));
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private List<String> moments(long from, long to) {
        session.timezone(java.time.ZoneId.of("UTC"));
        return session.query(
                "SELECT DISTINCT _commit_version || ' ' || _commit_timestamp FROM " + changes(from, to) + " ORDER BY 1",
                row -> row.getString(1));
    }

    @Test
    void momentsOfTheCommitsThemselvesComeFirst() throws Exception {
        createWith(FIRST, Map.of("delta.enableChangeDataFeed", "true", "delta.enableInCommitTimestamps", "true"));
        append(FIRST);
        setTime(1, Instant.parse("2001-01-01T00:00:00Z"));

        long moment = session.query(
                        "SELECT DISTINCT epoch_ms(_commit_timestamp) FROM " + changes(1, 1), row -> row.getLong(1))
                .get(0);
        assertThat(Instant.ofEpochMilli(moment)).isEqualTo(table.snapshotAt(1).timestamp());
    }

    private void assertRefused(long from, long to, String why, String mend) {
        assertThatThrownBy(() -> changes(from, to))
                .isInstanceOf(TarnException.class)
                .hasMessage("CHANGES_UNAVAILABLE  Changes of silver.invoice from version " + from + " to " + to
                        + " cannot be told: " + why + ".\n    " + mend);
    }

    @Test
    void aTableThatIsNotThereHasNoChanges() {
        assertThatThrownBy(() -> changes(0, 0))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_NOT_FOUND  silver.invoice does not exist.\n    Name a table that is in the lake.");
    }

    @Test
    void rangesThatCannotBeAreRefused() {
        createKeeping(FIRST);
        append(FIRST);

        assertRefused(1, 0, "the range is upside down", "Give the earlier version first.");
        assertRefused(-1, 0, "versions begin with 0", "Ask for changes from version 0 on.");
        assertRefused(0, 7, "its newest version is 1", "Ask for changes up to version 1.");
        assertRefused(2, 2, "its newest version is 1", "Ask again when it has a newer version.");
    }

    @Test
    void versionsThatDidNotKeepTheirChangesAreRefused() throws Exception {
        createWith(FIRST, Map.of());
        append(FIRST);
        assertRefused(
                0,
                1,
                "version 0 did not keep its changes, as delta.enableChangeDataFeed was not true",
                "Set delta.enableChangeDataFeed to true: changes that come later are kept.");

        redefine("\"configuration\":{", "\"configuration\":{\"delta.enableChangeDataFeed\":\"true\"");
        append(FIRST);
        assertRefused(
                1,
                1,
                "version 1 did not keep its changes, as delta.enableChangeDataFeed was not true",
                "Ask for changes from version 2 on.");
        assertThat(changed(2, 3)).hasSize(4);

        redefine("\"delta.enableChangeDataFeed\":\"true\"", "\"delta.enableChangeDataFeed\":\"false\"");
        redefine("\"delta.enableChangeDataFeed\":\"false\"", "\"delta.enableChangeDataFeed\":\"true\"");
        assertRefused(
                2,
                5,
                "version 4 did not keep its changes, as delta.enableChangeDataFeed was not true",
                "Ask for changes from version 5 on.");
    }

    @Test
    void versionsThatAreNoLongerInTheLogAreRefused() throws Exception {
        createKeeping(FIRST);
        for (int i = 0; i < 12; i++) {
            append("SELECT " + i + "::BIGINT AS id, 'a' AS name");
        }
        for (long version = 0; version < 5; version++) {
            storage.delete(logFile(version));
        }

        assertRefused(
                7,
                12,
                "commits of these versions are no longer in its log, which has all from version 10 on",
                "Ask for changes from version 10 on.");
        assertThat(changed(10, 12)).containsExactly("10, a, insert, 11", "11, a, insert, 12", "9, a, insert, 10");
    }

    @Test
    void aVersionThatChangedColumnsOtherwiseIsRefused() throws Exception {
        createKeeping(FIRST);
        append(FIRST);
        redefine("\\\"type\\\":\\\"long\\\"", "\\\"type\\\":\\\"string\\\"");
        append("SELECT 'x' AS id, 'a' AS name");

        assertRefused(
                1,
                3,
                "version 2 changed its columns other than by adding some (id, before BIGINT, is STRING since)",
                "Ask for changes up to version 1, and for those from version 2 on by themselves.");
        assertThat(changed(2, 3)).containsExactly("x, a, insert, 3");
    }

    @Test
    void aColumnThatIsGoneIsRefused() throws Exception {
        createKeeping("SELECT 1::BIGINT AS id, 2 AS n");
        append("SELECT 1::BIGINT AS id, 2 AS n");
        redefine(
                ",{\\\"name\\\":\\\"n\\\",\\\"type\\\":\\\"integer\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}", "");

        assertRefused(
                1,
                2,
                "version 2 changed its columns other than by adding some (n, before INT, is gone since)",
                "Ask for changes up to version 1, and for those from version 2 on by themselves.");
    }

    @Test
    void aFileThatIsGoneIsNamed() throws Exception {
        createKeeping(FIRST);
        append(FIRST);
        merge(upsert("(0, 'new', false)"));
        StoredFile file = storage.list(NAME.path() + "/_change_data", "").get(0);
        storage.delete(file.path());

        assertRefused(
                0,
                2,
                "the file " + file.path() + " of version 2 is missing",
                "Ask for changes from version 3 on when a clean-up (VACUUM) took it; else restore it from a backup.");
        assertThat(changed(1, 1)).hasSize(4);
    }

    @Test
    void aCommitThatDoesNotDescribeWhatItRemovedIsRefused() throws Exception {
        createKeeping(FIRST);
        append(FIRST);
        String path = newest().files().get(0).path().substring(NAME.path().length() + 1);
        commitLines(2, "{\"remove\":{\"path\":\"" + path + "\",\"deletionTimestamp\":1,\"dataChange\":true}}");

        assertThatThrownBy(() -> changes(1, 2))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "CHANGES_UNAVAILABLE  Version 2 of silver.invoice removed files without saying what they hold"
                                + " (extendedFileMetadata), so the rows that it deleted cannot be told.\n    Ask for changes from"
                                + " version 3 on.");
    }
}
