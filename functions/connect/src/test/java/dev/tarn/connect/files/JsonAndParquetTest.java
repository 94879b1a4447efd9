package dev.tarn.connect.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.FileDrop;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonAndParquetTest {

    @TempDir
    Path temp;

    private DropFolder folder;

    @BeforeEach
    void open() {
        folder = new DropFolder(temp);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    @Test
    void everyLineIsAnObject() {
        folder.format(FileDrop.Format.NDJSON)
                .put(
                        "bank/a.ndjson",
                        """
                        {"id": 1, "name": "x"}

                        {"id": "two", "name": {"first": ["a", 1.50]}, "Name": "other", "big": 123456789012345678}
                        {"id": null}
                        """)
                .put("bank/b.ndjson", "{\"id\": 4, \"name\": \"\\u00e9\\n\"}\r\n{\"name\": \"z\"}")
                .look();

        assertThat(folder.query("SELECT id, replace(name, chr(10), '~'), _rescued_data FROM %s ORDER BY ALL"))
                .containsExactlyInAnyOrder(
                        "1|x|null",
                        "4|é~|null",
                        "null|null|null",
                        "null|z|null",
                        "null|{\"first\":[\"a\",1.5]}|{\"Name\":\"other\",\"big\":123456789012345678,\"id\":\"two\"}");
    }

    @Test
    void linesThatAreNoObjectsAreKeptAside() {
        folder.format(FileDrop.Format.NDJSON)
                .put("bank/a.ndjson", "{\"id\": 1}\n\n{oops\n[1]\n{\"id\": 2}\n7\n{\"id\": 3} x\n")
                .look();

        assertThat(folder.rows()).containsExactly("1|null", "2|null");
        assertThat(folder.aside())
                .containsExactly(
                        "landing/bank/a.ndjson|3|null|it is no object of JSON|{oops",
                        "landing/bank/a.ndjson|4|null|it is no object of JSON|[1]",
                        "landing/bank/a.ndjson|6|null|it is no object of JSON|7",
                        "landing/bank/a.ndjson|7|null|it is no object of JSON|{\"id\": 3} x");
    }

    @Test
    void numbersThatWouldBeRoundedAreKeptAside() {
        folder.format(FileDrop.Format.NDJSON)
                .columns(new Column("id", new DataType.Decimal(38, 2)))
                .put(
                        "bank/a.ndjson",
                        """
                        {"id": 9223372036854775807, "x": 0.30000000000000004, "y": "12345678901234567890123"}
                        {"id": 12345678901234567.89}
                        {"id": 1, "x": [0, 123456789012345678901234567890]}
                        {"id": "12345678901234567.89"}
                        """)
                .look();

        assertThat(folder.query("SELECT id FROM %s ORDER BY id"))
                .containsExactly("12345678901234567.89", "9223372036854775807.00");
        assertThat(folder.lake().query("bronze.bank_quarantine", "SELECT _line, _reason FROM %s ORDER BY ALL"))
                .containsExactly(
                        "2|a number in it has more digits than can be read",
                        "3|a number in it has more digits than can be read");
    }

    @Test
    void newKeysBecomeColumnsOrKeepAFileOut() {
        folder.format(FileDrop.Format.NDJSON)
                .schema(FileDrop.Unknown.ADD_NEW_COLUMNS)
                .put("bank/a.ndjson", "{\"id\": 1, \"note\": \"n\"}\n{\"id\": 2, \"it's\": 5, \"a b\": 6}\n{bad\n")
                .look();
        assertThat(folder.query("SELECT id, note, \"it's\", _rescued_data FROM %s ORDER BY id"))
                .containsExactly("1|n|null|null", "2|null|5|{\"a b\":\"6\"}");
        assertThat(folder.aside()).containsExactly("landing/bank/a.ndjson|3|null|it is no object of JSON|{bad");

        folder.schema(FileDrop.Unknown.FAIL_ON_NEW_COLUMNS).put("bank/b.ndjson", "{\"id\": 3, \"more\": 1}\n");
        assertThat(folder.refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:11  SCHEMA_CHANGED  landing/bank/b.ndjson has a column more, which bronze.bank does not have, and schema: failOnNewColumns refuses it.
                    Add it to columns, or write schema: rescue or schema: addNewColumns; the file is then read.""");
    }

    @Test
    void aDocumentIsAListOfObjectsOrObjects() {
        folder.format(FileDrop.Format.JSON)
                .put("bank/a.json", "[{\"id\": 1, \"name\": \"x\"},\n {\"id\": 2, \"more\": true}]")
                .put("bank/b.json", "{\n \"id\": 3\n}\n{\"id\": 4}")
                .put("bank/c.json", "[{\"id\": 5}, 6]")
                .put("bank/d.json", "[{\"id\": 7}, {")
                .look();

        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s ORDER BY id"))
                .containsExactly("1|x|null", "2|null|{\"more\":true}", "3|null|null", "4|null|null");
        assertThat(folder.lake().query("bronze.bank_quarantine", "SELECT _file, _reason FROM %s ORDER BY ALL"))
                .containsExactly(
                        "landing/bank/c.json|DuckDB cannot read it as JSON (Invalid Input Error)",
                        "landing/bank/d.json|DuckDB cannot read it as JSON (Invalid Input Error)");
    }

    private void parquet(String name, String sql) throws Exception {
        Path file = temp.resolve("made.parquet");
        try (Session session = folder.lake().lake().duckDb().session()) {
            session.execute("COPY (" + sql + ") TO '" + file + "' (FORMAT parquet)");
        }
        folder.put(name, Files.readAllBytes(file));
    }

    @Test
    void parquetFilesAreReadByTheirColumns() throws Exception {
        folder.format(FileDrop.Format.PARQUET)
                .columns(
                        new Column("id", DataType.Simple.INT),
                        new Column("name", DataType.Simple.STRING),
                        new Column("day", DataType.Simple.DATE));
        parquet("bank/a.parquet", "SELECT 1::INT AS id, 'x' AS name, DATE '2024-01-02' AS day");
        parquet("bank/b.parquet", "SELECT unnest([2, 9999999999])::BIGINT AS id, 3.5 AS NAME, [1, 2] AS list");
        folder.put("bank/c.parquet", "no parquet").look();

        assertThat(folder.query("SELECT id, name, day, _rescued_data FROM %s ORDER BY ALL"))
                .containsExactlyInAnyOrder(
                        "1|x|2024-01-02|null",
                        "2|3.5|null|{\"list\":\"[1, 2]\"}",
                        "null|3.5|null|{\"id\":\"9999999999\",\"list\":\"[1, 2]\"}");
        assertThat(folder.lake().query("bronze.bank_quarantine", "SELECT _file, _reason FROM %s"))
                .containsExactly("landing/bank/c.parquet|DuckDB cannot read it as Parquet (Invalid Input Error)");
    }

    @Test
    void newColumnsOfParquetKeepTheirTypes() throws Exception {
        folder.format(FileDrop.Format.PARQUET).schema(FileDrop.Unknown.ADD_NEW_COLUMNS);
        parquet("bank/a.parquet", "SELECT 1::INT AS id, 'x' AS name, [1, 2] AS list");
        folder.look();

        assertThat(folder.query("SELECT id, name, list, _rescued_data FROM %s")).containsExactly("1|x|[1, 2]|null");
    }
}
