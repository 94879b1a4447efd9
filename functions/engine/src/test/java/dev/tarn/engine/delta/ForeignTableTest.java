package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import io.delta.kernel.types.StructField;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Tables with features that other writers use and that are read here. */
class ForeignTableTest extends DeltaFixture {

    private void createWith(String sql, Map<String, String> properties, String... partitionBy) {
        table.create(new TableDefinition(session.describe(sql), List.of(partitionBy), "", properties));
    }

    /** Writes rows as another writer would: a file of that name, without statistics. */
    private void commitFile(long version, String name, String sql, String partitionValues, String rest)
            throws Exception {
        Path file = session.newFile(".parquet");
        session.execute("COPY (" + sql + ") TO " + Sql.literal(file.toString()) + " (FORMAT parquet)");
        long size = Files.size(file);
        storage.putFile(NAME.path() + "/" + name, file);
        commit(version, add(name, size, partitionValues, rest));
    }

    private static String add(String name, long size, String partitionValues, String rest) {
        return "{\"add\":{\"path\":\"" + name.replace(" ", "%20") + "\",\"partitionValues\":{" + partitionValues
                + "},\"size\":" + size + ",\"modificationTime\":0,\"dataChange\":true" + rest + "}}";
    }

    private void commit(long version, String actions) throws Exception {
        storage.putIfAbsent(
                NAME.path() + "/_delta_log/" + String.format("%020d.json", version),
                actions.getBytes(StandardCharsets.UTF_8));
    }

    private static String physicalName(TableSnapshot snapshot, String column) {
        return StoredColumns.name(snapshot.kernel().getSchema().get(column));
    }

    @Test
    void mappedColumnsAreReadByTheirPhysicalNames() throws Exception {
        createWith(
                "SELECT 1 AS id, {'net': 1.5::DOUBLE} AS amount, [{'k': 1}] AS lines, 'x' AS region",
                Map.of("delta.columnMapping.mode", "name"),
                "region");
        TableSnapshot created = newest();
        StructField amount = created.kernel().getSchema().get("amount");
        String net = StoredColumns.name(((io.delta.kernel.types.StructType) amount.getDataType()).get("net"));
        io.delta.kernel.types.ArrayType lines = (io.delta.kernel.types.ArrayType)
                created.kernel().getSchema().get("lines").getDataType();
        String k = StoredColumns.name(((io.delta.kernel.types.StructType) lines.getElementType()).get("k"));
        assertThat(net).isNotEqualTo("net");
        commitFile(
                1,
                "a b.parquet",
                "SELECT 7 AS \"" + physicalName(created, "id") + "\", {'" + net + "': 2.5::DOUBLE} AS \""
                        + physicalName(created, "amount") + "\", [{'" + k + "': 9}] AS \""
                        + physicalName(created, "lines")
                        + "\" UNION ALL SELECT 8, NULL, NULL",
                "\"" + physicalName(created, "region") + "\":\"eu\"",
                "");

        assertThat(rows(newest().scan(session)))
                .containsExactly("7, {'net': 2.5}, [{'k': 9}], eu", "8, NULL, NULL, eu");
        assertThat(session.describe("SELECT * FROM " + newest().scan(session))).isEqualTo(newest().schema());
        assertThat(newest().numRecords()).isEqualTo(2);
    }

    @Test
    void aStructOfWhichAFileHasNoFieldLeftIsNotTakenForAnother() throws Exception {
        createWith("SELECT {'net': 1} AS amount", Map.of("delta.columnMapping.mode", "name"));
        String amount = physicalName(newest(), "amount");
        commitFile(1, "older.parquet", "SELECT {'dropped': 7} AS \"" + amount + "\"", "", "");

        assertThatThrownBy(() -> rows(newest().scan(session)))
                .isInstanceOf(SqlFailedException.class)
                .hasMessageContaining("STRUCT to STRUCT cast must have at least one matching member");
    }

    @Test
    void aTableWithMappedColumnsIsNotWritten() {
        createWith("SELECT 1 AS id", Map.of("delta.columnMapping.mode", "name"));

        assertThatThrownBy(() -> append("SELECT 1 AS id"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice uses Delta's feature columnMapping.\n"
                                + "    Let Tarn create its tables itself, and leave their features and properties as they are.");
    }

    @Test
    void rowsOfAnAppendOnlyTableAreNotReplaced() {
        createWith("SELECT 1 AS id", Map.of("delta.appendOnly", "true"));
        append("SELECT 1 AS id");

        assertThatThrownBy(() -> replace("SELECT 1 AS id"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice has delta.appendOnly set, and rows of it would be"
                                + " replaced.\n    Let Tarn create its tables itself, and leave their features and properties as they"
                                + " are.");
    }

    @Test
    void inCommitTimestampsGrowWithEveryCommit() {
        createWith("SELECT 1 AS id", Map.of("delta.enableInCommitTimestamps", "true"));
        for (int i = 0; i < 5; i++) {
            append("SELECT 1 AS id");
        }

        for (long version = 1; version <= 5; version++) {
            assertThat(table.snapshotAt(version).timestamp())
                    .isAfter(table.snapshotAt(version - 1).timestamp());
        }
    }

    @Test
    void rowsHiddenByADeletionVectorAreNotRead() throws Exception {
        createWith("SELECT 1::BIGINT AS id, 'x' AS region", Map.of("delta.enableDeletionVectors", "true"), "region");
        String vector = deletionVector(0, 3, 4_999);
        commitFile(1, "whole.parquet", "SELECT range AS id FROM range(5000, 5010)", "\"region\":\"eu\"", "");
        commitFile(
                2,
                "holes.parquet",
                "SELECT range AS id FROM range(5000)",
                "\"region\":\"us\"",
                ",\"deletionVector\":" + vector);

        TableSnapshot now = newest();
        assertThat(now.numRecords()).isEqualTo(5_007);
        assertThat(session.query(
                        "SELECT count(*), sum(id), count(*) FILTER (region = 'eu'), count(*) FILTER (id IN (0, 3, 4999)) FROM "
                                + now.scan(session),
                        row -> row.getLong(1) + " " + row.getLong(2) + " " + row.getLong(3) + " " + row.getLong(4)))
                .containsExactly("5007 " + (5_010L * 5_009 / 2 - 5_002) + " 10 0");
        assertThat(session.query("SELECT count(*) FROM " + added(now, 1), row -> row.getLong(1)))
                .containsExactly(4_997L);
    }

    @Test
    void replacingATableWithDeletedRowsLeavesNothingOfIt() throws Exception {
        createWith("SELECT 1::BIGINT AS id", Map.of("delta.enableDeletionVectors", "true"));
        commitFile(
                1, "holes.parquet", "SELECT range AS id FROM range(5)", "", ",\"deletionVector\":" + deletionVector(1));

        replace("SELECT 77::BIGINT AS id");

        assertThat(rows(newest().scan(session))).containsExactly("77");
        assertThat(rows(table.snapshotAt(1).scan(session))).containsExactly("0", "2", "3", "4");
    }

    /** Writes a deletion vector as the Delta protocol describes it and returns its descriptor. */
    private String deletionVector(int... positions) throws Exception {
        RoaringBitmap bitmap = RoaringBitmap.bitmapOf(positions);
        int size = 4 + 8 + 4 + bitmap.serializedSizeInBytes();
        ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(1681511377).putLong(1).putInt(0);
        bitmap.serialize(data);
        CRC32 checksum = new CRC32();
        checksum.update(data.array());
        ByteBuffer file = ByteBuffer.allocate(1 + 4 + size + 4);
        file.put((byte) 1).putInt(size).put(data.array()).putInt((int) checksum.getValue());
        UUID id = UUID.randomUUID();
        storage.put(NAME.path() + "/deletion_vector_" + id + ".bin", file.array());
        return "{\"storageType\":\"u\",\"pathOrInlineDv\":" + jsonText(Base85Codec.encodeUUID(id)) + ",\"offset\":1,"
                + "\"sizeInBytes\":" + size + ",\"cardinality\":" + positions.length + "}";
    }

    private static String jsonText(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    @Test
    void momentsOfOtherWritersDoNotDependOnTheSessionsZone() throws Exception {
        create("SELECT 1 AS id, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS at, TIMESTAMP '2026-01-01 00:00:00' AS plain");
        Path file = session.newFile(".parquet");
        try (InputStream int96 = ForeignTableTest.class.getResourceAsStream("int96.parquet")) {
            Files.copy(int96, file);
        }
        long size = Files.size(file);
        storage.putFile(NAME.path() + "/part-00000-c000.snappy.parquet", file);
        commit(1, add("part-00000-c000.snappy.parquet", size, "", ""));
        append("SELECT 5 AS id, TIMESTAMPTZ '2026-01-01 20:00:00+00' AS at, NULL::TIMESTAMP AS plain");

        session.timezone(ZoneId.of("Asia/Manila"));

        assertThat(session.query(
                        "SELECT id, epoch_us(\"at\") FROM " + newest().scan(session) + " ORDER BY id",
                        row -> row.getString(1) + " " + row.getString(2)))
                .containsExactly("1 1767297600123456", "2 -1", "3 null", "4 -2840140800000000", "5 1767297600000000");
    }

    @Test
    void commitsThatWereCompactedCountOnce() throws Exception {
        create("SELECT 1 AS id");
        append("SELECT 1 AS id");
        append("SELECT 2 AS id");
        append("SELECT 3 AS id");
        String log = NAME.path() + "/_delta_log/";
        String actions = Stream.of(read(log + "%020d.json".formatted(1)), read(log + "%020d.json".formatted(2)))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("{\"add\""))
                .collect(Collectors.joining("\n"));
        storage.putIfAbsent(
                log + "%020d.%020d.compacted.json".formatted(1, 2), actions.getBytes(StandardCharsets.UTF_8));

        append("SELECT 4 AS id");

        assertThat(newest().version()).isEqualTo(4);
        assertThat(rows(newest().scan(session))).containsExactly("1", "2", "3", "4");
        assertThat(rows(table.snapshotAt(2).scan(session))).containsExactly("1", "2");
        assertThat(newest().numRecordsAdded(1)).isEqualTo(3);
    }

    private String read(String path) throws Exception {
        return new String(storage.read(path), StandardCharsets.UTF_8);
    }

    @Test
    void aColumnThatWasAddedLaterIsNullInOlderFiles() throws Exception {
        create("SELECT 1 AS id, 2::BIGINT AS amount, {'a': 1, 'b': 2} AS detail");
        commitFile(1, "older.parquet", "SELECT 1 AS id, {'a': 1} AS detail", "", "");
        commitFile(2, "narrower.parquet", "SELECT 2 AS id, 7::INT AS amount", "", "");

        assertThat(rows(newest().scan(session))).containsExactly("1, NULL, {'a': 1, 'b': NULL}", "2, 7, NULL");
    }
}
