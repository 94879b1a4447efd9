package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.Column;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DeltaTableTest extends DeltaFixture {

    private static final TableSchema SCHEMA =
            new TableSchema(List.of(new Column("id", Simple.BIGINT, "the key"), new Column("state", Simple.STRING)));

    @Test
    void aTableThatWasNeverCreatedHasNoSnapshot() {
        assertThat(table.snapshot()).isEmpty();
    }

    @Test
    void aNewTableIsEmptyAndKeepsItsDefinition() {
        table.create(
                new TableDefinition(SCHEMA, List.of("state"), "what we are owed", Map.of("tarn.owner", "finance")));

        TableSnapshot created = newest();
        assertThat(created.version()).isZero();
        assertThat(created.schema()).isEqualTo(SCHEMA);
        assertThat(created.partitionBy()).containsExactly("state");
        assertThat(created.comment()).isEqualTo("what we are owed");
        assertThat(created.numRecords()).isZero();
        assertThat(created.updateNumber(FLOW)).isEmpty();
        assertThat(created.progress(FLOW)).isEmpty();
        assertThat(rows(created.scan(session))).isEmpty();
        assertThat(session.describe("SELECT * FROM " + created.scan(session)).names())
                .containsExactly("id", "state");
    }

    @Test
    void creatingATableTwiceAnswersTheOneThatIsThere() {
        TableSnapshot first = table.create(TableDefinition.of(SCHEMA));
        append("SELECT 1::BIGINT AS id, 'draft' AS state");

        TableSnapshot second = table.create(TableDefinition.of(SCHEMA));

        assertThat(second.tableId()).isEqualTo(first.tableId());
        assertThat(second.version()).isEqualTo(1);
    }

    @Test
    void creatingATableWithOtherColumnsIsRefused() {
        table.create(TableDefinition.of(SCHEMA));

        TableSchema other = new TableSchema(List.of(new Column("id", Simple.INT)));
        assertThatThrownBy(() -> table.create(TableDefinition.of(other)))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "SCHEMA_CHANGED  silver.invoice has the columns id BIGINT, state STRING, and should have id INT.\n"
                                + "    Refresh the table fully, or change the query back.");
    }

    @Test
    void aColumnThatCannotBePartOfAPathIsRefusedAsPartition() {
        TableSchema schema = new TableSchema(List.of(new Column("at", Simple.TIMESTAMP), new Column("id", Simple.INT)));
        assertThatThrownBy(() -> table.create(new TableDefinition(schema, List.of("at"), "", Map.of())))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "CONFIGURATION_INVALID  silver.invoice cannot be partitioned by at, which is a TIMESTAMP.\n"
                                + "    Partition by a column of type DATE, STRING, BOOLEAN, DECIMAL or an integer type, or by none.");
    }

    @Test
    void aColumnNameThatSparkCannotReadIsRefused() {
        String sql = "SELECT 1 AS id, [{'net amount': 1}] AS lines";
        assertThatThrownBy(() -> create(sql))
                .isInstanceOf(TarnException.class)
                .hasMessage("CONFIGURATION_INVALID  silver.invoice cannot have a column 'net amount'.\n"
                        + "    Name it without spaces, line ends and the characters , ; { } ( ) =.");
    }

    @Test
    void appendedRowsAreReadWithTheProgressTheyCameWith() {
        table.create(TableDefinition.of(SCHEMA));

        Commit commit = append("SELECT 'draft' AS state, 1::BIGINT AS id");

        assertThat(commit).isEqualTo(new Commit.Committed(1));
        TableSnapshot now = newest();
        assertThat(rows(now.scan(session))).containsExactly("1, draft");
        assertThat(now.numRecords()).isEqualTo(1);
        assertThat(now.updateNumber(FLOW)).hasValue(0);
        assertThat(now.progress(FLOW)).contains(request(0).step().progress());
    }

    @Test
    void aReplayedUpdateWritesNothing() {
        TableSnapshot base = table.create(TableDefinition.of(SCHEMA));
        append("SELECT 1::BIGINT AS id, 'draft' AS state");

        TableChange again = table.append(session, base, "SELECT 1::BIGINT AS id, 'draft' AS state");
        Commit replay = table.commit(again, request(0));

        assertThat(replay).isEqualTo(new Commit.AlreadyCommitted(1));
        assertThat(rows(newest().scan(session))).containsExactly("1, draft");
    }

    @Test
    void replacedRowsAreGoneAndOlderVersionsStay() {
        table.create(TableDefinition.of(SCHEMA));
        append("SELECT range AS id, 'draft' AS state FROM range(3)");

        Commit commit = replace("SELECT 7::BIGINT AS id, 'posted' AS state");

        assertThat(commit).isEqualTo(new Commit.Committed(2));
        assertThat(rows(newest().scan(session))).containsExactly("7, posted");
        assertThat(rows(table.snapshotAt(1).scan(session))).containsExactly("0, draft", "1, draft", "2, draft");
        assertThat(rows(table.snapshotAt(0).scan(session))).isEmpty();
    }

    @Test
    void replacingByNothingLeavesAnEmptyTable() {
        table.create(TableDefinition.of(SCHEMA));
        append("SELECT 1::BIGINT AS id, 'draft' AS state");

        replace("SELECT 1::BIGINT AS id, 'draft' AS state WHERE false");

        assertThat(newest().files()).isEmpty();
        assertThat(rows(newest().scan(session))).isEmpty();
    }

    @Test
    void aReplacementIsOvertakenByAConcurrentAppend() {
        table.create(TableDefinition.of(SCHEMA));
        append("SELECT 1::BIGINT AS id, 'draft' AS state");
        TableSnapshot base = newest();
        TableChange rows = table.replace(session, base, "SELECT 2::BIGINT AS id, 'posted' AS state");
        TableChange foreign = table.append(session, base, "SELECT 3::BIGINT AS id, 'draft' AS state");
        table.commit(foreign, request("other", 0));

        assertThat(table.commit(rows, request(1))).isEqualTo(new Commit.Overtaken(2));
        assertThat(rows(newest().scan(session))).containsExactly("1, draft", "3, draft");
    }

    @Test
    void anAppendIsCommittedAfterAForeignAppend() {
        TableSnapshot base = table.create(TableDefinition.of(SCHEMA));
        TableChange ours = table.append(session, base, "SELECT 1::BIGINT AS id, 'draft' AS state");
        TableChange foreign = table.append(session, base, "SELECT 2::BIGINT AS id, 'draft' AS state");
        table.commit(foreign, request("other", 0));

        assertThat(table.commit(ours, request(0))).isEqualTo(new Commit.Committed(2));
        assertThat(rows(newest().scan(session))).containsExactly("1, draft", "2, draft");
    }

    @Test
    void anAppendIsOvertakenByALowerUpdateOfItsOwnFlow() {
        TableSnapshot base = table.create(TableDefinition.of(SCHEMA));
        TableChange five = table.append(session, base, "SELECT 5::BIGINT AS id, 'draft' AS state");
        TableChange three = table.append(session, base, "SELECT 3::BIGINT AS id, 'draft' AS state");
        table.commit(three, request(3));

        assertThat(table.commit(five, request(5))).isEqualTo(new Commit.Overtaken(1));
    }

    @Test
    void anAppendIsOvertakenByAChangeOfTheTablesDefinition() throws Exception {
        TableSnapshot base = table.create(TableDefinition.of(SCHEMA));
        TableChange rows = table.append(session, base, "SELECT 5::BIGINT AS id, 'draft' AS state");
        String log = NAME.path() + "/_delta_log/";
        String first = new String(storage.read(log + "00000000000000000000.json"), StandardCharsets.UTF_8);
        String metadata = first.lines()
                .filter(line -> line.startsWith("{\"metaData\""))
                .findFirst()
                .orElseThrow();
        storage.putIfAbsent(log + "00000000000000000001.json", metadata.getBytes(StandardCharsets.UTF_8));

        assertThat(table.commit(rows, request(0))).isEqualTo(new Commit.Overtaken(1));
    }

    @Test
    void discardedFilesAreDeleted() throws Exception {
        TableSnapshot base = table.create(TableDefinition.of(SCHEMA));
        TableChange rows = table.append(session, base, "SELECT 5::BIGINT AS id, 'draft' AS state");
        assertThat(storage.list(NAME.path(), "")).hasSize(1);

        table.discard(rows);

        assertThat(storage.list(NAME.path(), "")).isEmpty();
    }

    @Test
    void aVersionThatDoesNotExistIsRefused() {
        table.create(TableDefinition.of(SCHEMA));

        assertThatThrownBy(() -> table.snapshotAt(7))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_NOT_FOUND  silver.invoice has no version 7.\n"
                        + "    Ask for one that its log can give: version 0.");
    }

    @Test
    void onlyAddedRowsAreStreamed() {
        table.create(TableDefinition.of(SCHEMA));
        for (int i = 1; i <= 3; i++) {
            append("SELECT " + i + "::BIGINT AS id, 'draft' AS state");
        }

        assertThat(rows(added(newest(), 1))).containsExactly("2, draft", "3, draft");
        assertThat(rows(added(newest(), -1))).hasSize(3);
        assertThat(rows(added(newest(), 3))).isEmpty();
        assertThat(rows(added(table.snapshotAt(2), 1))).containsExactly("2, draft");
    }

    @Test
    void aStreamOverReplacedRowsIsRefused() {
        table.create(TableDefinition.of(SCHEMA));
        append("SELECT 1::BIGINT AS id, 'draft' AS state");
        replace("SELECT 2::BIGINT AS id, 'draft' AS state");

        assertThatThrownBy(() -> added(newest(), 1))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "STREAM_BROKEN  Version 2 of silver.invoice updated or deleted rows, so the rows that are new"
                                + " cannot be told from those that were there.\n"
                                + "    Make the table that reads it a materialized view, or refresh it fully.");
        assertThat(rows(added(newest(), 2))).isEmpty();
    }

    @Test
    void aStreamOverCommitsThatAreGoneIsRefused() throws Exception {
        table.create(TableDefinition.of(SCHEMA));
        for (int i = 1; i <= 10; i++) {
            append("SELECT " + i + "::BIGINT AS id, 'draft' AS state");
        }
        for (int version = 0; version <= 3; version++) {
            storage.delete(NAME.path() + "/_delta_log/" + String.format("%020d.json", version));
        }

        TableSnapshot newest = new DeltaTables(storage, duckDb, Clock.systemUTC())
                .table(NAME)
                .snapshot()
                .orElseThrow();
        assertThatThrownBy(() -> added(newest, 1))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "STREAM_BROKEN  Version 2 of silver.invoice is no longer in its log, so the rows it brought are"
                                + " unknown.\n    Refresh the table that reads it fully.");
    }

    @Test
    void theCommitOfAnUpdateIsFound() {
        TableSnapshot base = table.create(TableDefinition.of(SCHEMA));
        CommitRequest request = request(0);
        table.commit(table.append(session, base, "SELECT 1::BIGINT AS id, 'draft' AS state"), request);
        append("SELECT 2::BIGINT AS id, 'draft' AS state");

        assertThat(newest().versionOfUpdate(request.update(), 0)).isEqualTo(OptionalLong.of(1));
        assertThat(newest().versionOfUpdate(request.update(), 1)).isEmpty();
    }

    @Test
    void aCheckpointIsWrittenAndRead() throws Exception {
        table.create(TableDefinition.of(SCHEMA));
        for (int i = 0; i < 12; i++) {
            append("SELECT " + i + "::BIGINT AS id, 'draft' AS state");
        }
        assertThat(storage.find(NAME.path() + "/_delta_log/00000000000000000010.checkpoint.parquet"))
                .isPresent();
        assertThat(storage.find(NAME.path() + "/_delta_log/_last_checkpoint")).isPresent();
        for (int version = 0; version < 10; version++) {
            storage.delete(NAME.path() + "/_delta_log/" + String.format("%020d.json", version));
        }

        TableSnapshot now = newest();
        assertThat(now.version()).isEqualTo(12);
        assertThat(now.numRecords()).isEqualTo(12);
        assertThat(rows(now.scan(session))).hasSize(12);
        assertThat(now.updateNumber(FLOW)).hasValue(11);
        assertThat(now.progress(FLOW)).contains(request(11).step().progress());
        assertThat(now.schema()).isEqualTo(SCHEMA);
        assertThat(append("SELECT 12::BIGINT AS id, 'draft' AS state")).isEqualTo(new Commit.Committed(13));
    }
}
