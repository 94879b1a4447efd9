package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.delta.ColumnDescription.Statistics;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of a table: its description and its history. */
class TableDescriptionTest extends DeltaFixture {

    private static final DataType NET = new DataType.Struct(List.of(new Column("net", Simple.INT)));

    private static ColumnDescription column(
            String path, DataType type, boolean partition, String comment, long bounds, long nulls) {
        return new ColumnDescription(path, type, true, partition, comment, new Statistics(bounds, bounds, nulls));
    }

    private void foreignCommit(long version, String lines) throws Exception {
        storage.putIfAbsent(
                NAME.path() + "/_delta_log/" + String.format("%020d.json", version),
                lines.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTableIsDescribedWithTheFilesThatTellOfEachColumn() {
        TableSchema schema = new TableSchema(List.of(
                new Column("id", Simple.BIGINT, "its number"),
                new Column("amount", NET),
                new Column("tags", new DataType.Array(Simple.STRING)),
                new Column("region", Simple.STRING)));
        table.create(new TableDefinition(schema, List.of("region"), "Invoices", Map.of("owner", "finance")));
        append("SELECT 1::BIGINT AS id, {'net': 5} AS amount, ['x'] AS tags, 'eu' AS region"
                + " UNION ALL SELECT 2, {'net': NULL}, NULL, 'us'");

        TableDescription description = newest().describe();

        assertThat(description.table()).isEqualTo(table.location());
        assertThat(description.id()).isEqualTo(newest().tableId());
        assertThat(description.version()).isEqualTo(1);
        assertThat(description.timestamp()).isEqualTo(newest().timestamp());
        assertThat(description.comment()).isEqualTo("Invoices");
        assertThat(description.protocol().reader()).isEqualTo(1);
        assertThat(description.protocol().writer()).isEqualTo(7);
        assertThat(description.protocol().features()).contains("domainMetadata").isSorted();
        assertThat(description.refusal()).isNull();
        assertThat(description.flowRefusal()).isNull();
        assertThat(description.columns())
                .containsExactly(
                        column("id", Simple.BIGINT, false, "its number", 2, 2),
                        column("amount", NET, false, "", 0, 0),
                        column("amount.net", Simple.INT, false, "", 1, 2),
                        column("tags", new DataType.Array(Simple.STRING), false, "", 0, 0),
                        column("region", Simple.STRING, true, "", 2, 2));
        assertThat(description.partitionBy()).containsExactly("region");
        assertThat(description.properties()).containsEntry("owner", "finance");
        assertThat(description.files())
                .isEqualTo(new TableDescription.Files(
                        2, newest().files().stream().mapToLong(DataFile::size).sum(), 2, 0, 0));
        assertThat(description.checkpoint()).isNull();
    }

    @Test
    void hiddenRowsAndTheNewestCheckpointAreTold() {
        // Files of a test are small, and rows would otherwise leave them by a copy.
        table = new DeltaTables(
                        storage, duckDb, Clock.systemUTC(), new WritePolicy(0, 0.5, 0.2, Retries.usual(Pause.real())))
                .table(NAME);
        table.create(new TableDefinition(
                session.describe("SELECT 1 AS id"),
                List.of(),
                "",
                Map.of("delta.enableDeletionVectors", "true", "delta.checkpointInterval", "2")));
        append("SELECT range::INT AS id FROM range(10000)");
        table.commit(
                table.delete(session, newest(), RowFilter.matching("id = 17 OR id = 18")),
                CommitRequest.ofWork(request(9).update(), "DELETE", Map.of()));

        TableDescription description = newest().describe();

        assertThat(description.files().rows()).isEqualTo(9998);
        assertThat(description.files().withDeletionVector()).isEqualTo(1);
        assertThat(description.files().hiddenRows()).isEqualTo(2);
        assertThat(description.checkpoint()).isEqualTo(2);
        assertThat(table.snapshotAt(1).describe().checkpoint()).isNull();
    }

    @Test
    void aTableThatIsNotWrittenSaysWhy() {
        table.create(new TableDefinition(
                session.describe("SELECT 1 AS id"), List.of(), "", Map.of("delta.columnMapping.mode", "name")));

        assertThat(newest().describe().refusal()).isEqualTo("silver.invoice uses Delta's feature columnMapping.");
    }

    @Test
    void historyIsToldTheNewestCommitFirst() throws Exception {
        create("SELECT 1 AS id");
        append("SELECT 1 AS id");
        foreignCommit(
                2,
                "{\"commitInfo\":{\"timestamp\":1,\"inCommitTimestamp\":4102444800000,\"operation\":\"OPTIMIZE\","
                        + "\"operationParameters\":{\"predicate\":[\"a\"],\"auto\":false,\"none\":null},\"engineInfo\":\"other/1\","
                        + "\"operationMetrics\":{\"numAddedFiles\":\"3\"},\"notebook\":{\"id\":1}}}\n");
        foreignCommit(3, "{\"txn\":{\"appId\":\"foreign\",\"version\":1}}\n");

        List<HistoryEntry> history = table.history(10);

        assertThat(history).extracting(HistoryEntry::version).containsExactly(3L, 2L, 1L, 0L);
        assertThat(history)
                .extracting(HistoryEntry::operation)
                .containsExactly("", "OPTIMIZE", "WRITE", "CREATE TABLE");
        assertThat(history.get(0).parameters()).isEmpty();
        assertThat(history.get(0).engine()).isEmpty();
        assertThat(history.get(1).timestamp()).isEqualTo(Instant.parse("2100-01-01T00:00:00Z"));
        assertThat(history.get(1).parameters()).isEqualTo(Map.of("predicate", "[\"a\"]", "auto", "false"));
        assertThat(history.get(1).metrics()).isEqualTo(Map.of("numAddedFiles", "3"));
        assertThat(history.get(1).engine()).isEqualTo("other/1");
        assertThat(history.get(2).timestamp()).isEqualTo(table.snapshotAt(1).timestamp());
        assertThat(history.get(2).engine()).isEqualTo(CommitFile.ENGINE);
        assertThat(table.history(2)).isEqualTo(history.subList(0, 2));
    }

    @Test
    void historyEndsWhereTheLogDoes() throws Exception {
        table.create(new TableDefinition(
                session.describe("SELECT 1 AS id"), List.of(), "", Map.of("delta.checkpointInterval", "2")));
        append("SELECT 1 AS id");
        append("SELECT 2 AS id");
        storage.delete(NAME.path() + "/_delta_log/00000000000000000001.json");

        assertThat(tables.table(NAME).history(10))
                .extracting(HistoryEntry::version)
                .containsExactly(2L);
    }

    @Test
    void aTableThatIsNotThereHasNoHistory() {
        assertThatThrownBy(() -> table.history(10))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_NOT_FOUND  silver.invoice does not exist.\n    Name a table that is in the lake.");
    }
}
