package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns as other writers declare them and store them: read right or refused by name. */
class ForeignColumnsTest extends DeltaFixture {

    private static final String LEAVE_OUT =
            "\n    Let the table's writer leave the column out, or give it another type.";
    private static final String OWN_TABLES =
            "\n    Let Tarn create its tables itself, and leave their features and properties as they are.";

    private static final String PLAIN = field("id", "\"integer\"", "");

    private static String field(String name, String type, String metadata) {
        return field(name, type, metadata, true);
    }

    private static String field(String name, String type, String metadata, boolean nullable) {
        return "{\"name\":\"" + name + "\",\"type\":" + type + ",\"nullable\":" + nullable + ",\"metadata\":{"
                + metadata + "}}";
    }

    /** A table as another writer declares it. */
    private void declare(List<String> fields, String... partitionBy) throws Exception {
        String schema = "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]}";
        String columns = partitionBy.length == 0 ? "" : "\"" + String.join("\",\"", partitionBy) + "\"";
        commit(
                0,
                "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"timestampNtz\"],\"writerFeatures\":[\"domainMetadata\",\"timestampNtz\"]}}\n"
                        + "{\"metaData\":{\"id\":\"1\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
                        + "\"schemaString\":\"" + schema.replace("\"", "\\\"")
                        + "\",\"partitionColumns\":[" + columns + "],\"configuration\":{}}}");
    }

    private void commit(long version, String actions) throws Exception {
        storage.putIfAbsent(
                NAME.path() + "/_delta_log/" + String.format("%020d.json", version),
                actions.getBytes(StandardCharsets.UTF_8));
    }

    private void commitFile(long version, String sql, String partitionValues, String options) throws Exception {
        Path file = session.newFile(".parquet");
        session.execute("COPY (" + sql + ") TO " + Sql.literal(file.toString()) + " (FORMAT parquet" + options + ")");
        long size = Files.size(file);
        storage.putFile(NAME.path() + "/f" + version + ".parquet", file);
        commit(
                version,
                "{\"add\":{\"path\":\"f" + version + ".parquet\",\"partitionValues\":{" + partitionValues
                        + "},\"size\":" + size + ",\"modificationTime\":0,\"dataChange\":true}}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                    "variant"                                | the column odd: the type variant is not known
                    {"type":"array","elementType":"variant","containsNull":true} | the column odd: the type variant is not known
                    {"type":"struct","fields":[{"name":" ","type":"long","nullable":true,"metadata":{}}]} | the column odd: a column needs a name
                    "void"                                   | a column that cannot be read (Failed to parse the schema. Encountered unsupported Delta data type: VOID)
                    """)
    void aTypeThatIsNotKnownIsRefusedByName(String type, String named) throws Exception {
        declare(List.of(PLAIN, field("odd", type, "")));

        assertThatThrownBy(() -> table.snapshot())
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_FEATURE_UNSUPPORTED  silver.invoice has " + named + "." + LEAVE_OUT);
    }

    @Test
    void namesThatDifferInCaseAloneAreRefused() throws Exception {
        declare(List.of(PLAIN, field("ID", "\"integer\"", "")));

        assertThatThrownBy(() -> table.snapshot())
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_FEATURE_UNSUPPORTED  silver.invoice has columns that cannot be told apart:"
                        + " column ID occurs twice." + LEAVE_OUT);
    }

    @Test
    void aColumnThatSparkFillsWithBlanksIsNotRead() throws Exception {
        declare(List.of(PLAIN, field("code", "\"string\"", "\"__CHAR_VARCHAR_TYPE_STRING\":\"char(5)\"")));

        assertThatThrownBy(() -> table.snapshot())
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice has the column code of type CHAR(5)." + LEAVE_OUT);
    }

    @Test
    void aColumnWithAGreatestLengthIsReadAndNotWritten() throws Exception {
        declare(List.of(PLAIN, field("code", "\"string\"", "\"__CHAR_VARCHAR_TYPE_STRING\":\"varchar(5)\"")));
        commitFile(1, "SELECT 1 AS id, 'ab' AS code", "", "");

        assertThat(rows(newest().scan(session))).containsExactly("1, ab");
        assertThatThrownBy(() -> append("SELECT 2 AS id, 'too long' AS code"))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_FEATURE_UNSUPPORTED  silver.invoice has the column code of type VARCHAR(5)."
                        + OWN_TABLES);
    }

    @Test
    void aTableWhoseColumnsMustNotBeNullIsNotWritten() throws Exception {
        declare(List.of(PLAIN, field("code", "\"string\"", "", false)));

        assertThatThrownBy(() -> append("SELECT 2 AS id, NULL::VARCHAR AS code"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice has the column code with NOT NULL." + OWN_TABLES);
    }

    @Test
    void aTableWhoseNestedValuesMustNotBeNullIsNotWritten() throws Exception {
        String list = "{\"type\":\"array\",\"elementType\":\"integer\",\"containsNull\":false}";
        declare(List.of(
                PLAIN, field("deep", "{\"type\":\"struct\",\"fields\":[" + field("list", list, "") + "]}", "")));

        assertThatThrownBy(() -> append("SELECT 2 AS id, {'list': [NULL::INTEGER]} AS deep"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice has the column deep with NOT NULL." + OWN_TABLES);
    }

    @Test
    void partitionValuesThatReadersTakeDifferentlyAreNotWritten() throws Exception {
        declare(List.of(PLAIN, field("rate", "\"double\"", "")), "rate");

        assertThatThrownBy(() -> append("SELECT 2 AS id, 'inf'::DOUBLE AS rate"))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_FEATURE_UNSUPPORTED  silver.invoice is partitioned by rate, which is a DOUBLE."
                        + OWN_TABLES);
    }

    @Test
    void bytesInAPartitionValueAreThoseOfItsText() throws Exception {
        declare(List.of(PLAIN, field("bytes", "\"binary\"", "")), "bytes");
        commitFile(1, "SELECT 1 AS id", "\"bytes\":\"a\\\\x41\u00fc\"", "");
        commitFile(2, "SELECT 2 AS id", "\"bytes\":null", "");

        assertThat(session.query(
                        "SELECT id, hex(bytes) FROM " + newest().scan(session) + " ORDER BY id",
                        row -> row.getString(1) + " " + row.getString(2)))
                .containsExactly("1 615C783431C3BC", "2 null");
    }

    @Test
    void aMomentInAPartitionValueIsReadWhenItIsInUtc() throws Exception {
        declare(List.of(PLAIN, field("at", "\"timestamp\"", "")), "at");
        commitFile(1, "SELECT 1 AS id", "\"at\":\"1880-01-01T00:00:00.000001Z\"", "");
        commitFile(2, "SELECT 2 AS id", "\"at\":null", "");
        session.timezone(ZoneId.of("Asia/Manila"));

        assertThat(session.query(
                        "SELECT id, epoch_us(\"at\") FROM " + newest().scan(session) + " ORDER BY id",
                        row -> row.getString(1) + " " + row.getString(2)))
                .containsExactly("1 -2840140799999999", "2 null");
    }

    @Test
    void aMomentInAPartitionValueIsRefusedWhenItsZoneIsUnknown() throws Exception {
        declare(List.of(PLAIN, field("at", "\"timestamp\"", "")), "at");
        commitFile(1, "SELECT 1 AS id", "\"at\":\"2026-01-01 00:00:00\"", "");

        assertThatThrownBy(() -> newest().scan(session))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_FEATURE_UNSUPPORTED  silver.invoice is partitioned by at, which is a TIMESTAMP, and"
                        + " has files whose value is not in UTC.\n    Partition it by a DATE.");
    }

    @Test
    void daysOfTheOldCalendarAreRefused() throws Exception {
        declare(List.of(PLAIN, field("day", "\"date\"", "")));
        String mark = ", KV_METADATA {'org.apache.spark.legacyDateTime': ''}";
        commitFile(1, "SELECT 1 AS id, DATE '1900-01-02' AS day UNION ALL SELECT 2, NULL", "", mark);
        commitFile(2, "SELECT 3 AS id, NULL::DATE AS day", "", mark);
        commitFile(3, "SELECT 4 AS id, DATE '1500-01-01' AS day", "", "");

        assertThat(rows(newest().scan(session)))
                .containsExactly("1, 1900-01-02", "2, NULL", "3, NULL", "4, 1500-01-01");

        commitFile(4, "SELECT 5 AS id, DATE '1500-01-10' AS day", "", mark);
        assertThatThrownBy(() -> newest().scan(session))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice has files in which Spark wrote days before 1900 by"
                                + " the old calendar (rebase mode LEGACY).\n    Let Spark write them anew with"
                                + " spark.sql.parquet.datetimeRebaseModeInWrite and spark.sql.parquet.int96RebaseModeInWrite set"
                                + " to CORRECTED.");
    }

    @Test
    void aTableThatACatalogManagesIsRefused() throws Exception {
        commit(
                0,
                "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"catalogManaged\"],"
                        + "\"writerFeatures\":[\"catalogManaged\",\"inCommitTimestamp\"]}}\n"
                        + "{\"metaData\":{\"id\":\"1\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
                        + "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":["
                        + PLAIN.replace("\"", "\\\"") + "]}\",\"partitionColumns\":[],\"configuration\":"
                        + "{}}}");

        assertThatThrownBy(() -> table.snapshot())
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice uses Delta's feature catalogManaged: its newest commits may"
                                + " not be in its log." + OWN_TABLES);
    }
}
