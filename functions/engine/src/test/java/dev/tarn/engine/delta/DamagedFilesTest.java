package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.Sql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data files and deletion vectors that are gone, cut off or not the table's. */
class DamagedFilesTest extends DamagedTable {

    private static String of(String rest) {
        return "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: its data file " + rest;
    }

    private void overwrite(String path, String sql) throws Exception {
        Files.deleteIfExists(file(path));
        session.execute("COPY (" + sql + ") TO " + Sql.literal(file(path).toString()) + " (FORMAT parquet)");
    }

    /** A file of another writer with those rows, as version 1. */
    private void commitForeign(String name, String sql, String rest) throws Exception {
        overwrite(FOLDER + name, sql);
        storage.putIfAbsent(
                commit(1),
                ("{\"add\":{\"path\":\"" + name + "\",\"partitionValues\":{},\"size\":"
                                + Files.size(file(FOLDER + name))
                                + ",\"modificationTime\":0,\"dataChange\":true" + rest + "}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMissingDataFileIsNamed() throws Exception {
        fill(1);
        String path = dataFile();
        Files.delete(file(path));

        assertRefused(
                this::readCold,
                of(path + " is missing.\n"
                        + "    Restore the file from a backup. If a clean-up took it, read a newer version."));
    }

    @Test
    void aDataFileThatGoesBeforeItIsReadIsNamed() throws Exception {
        fill(1);
        String path = dataFile();
        String scan = newest().scan(session);
        Files.delete(file(path));

        assertRefused(() -> rows(scan), of(path + " is missing." + RESTORE));
        assertRefused(
                () -> session.execute("CREATE TABLE other AS SELECT * FROM " + scan),
                of(path + " is missing." + RESTORE));
    }

    @Test
    void aDataFileThatIsNoParquetIsNamed() throws Exception {
        fill(1);
        String path = dataFile();
        byte[] whole = Files.readAllBytes(file(path));
        String message = of(path + " is damaged (Invalid Input Error)." + RESTORE);

        cut(path, 0.7);
        assertRefused(this::readCold, message);
        Files.writeString(file(path), "secret");
        assertRefused(this::readCold, message);
        Files.write(file(path), new byte[0]);
        assertRefused(this::readCold, message);
        Files.write(file(path), whole);
        assertThat(readCold()).hasSize(1);
    }

    @Test
    void aDataFileWithOtherBytesInsideIsFoundAmongOthers() throws Exception {
        fill(1);
        String path = dataFile();
        append("SELECT 2 AS id, 'y' AS name");
        byte[] content = Files.readAllBytes(file(path));
        for (int at = 4; at < 60; at++) {
            content[at] ^= 0x5a;
        }
        Files.write(file(path), content);

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 2 of silver.invoice cannot be read: its data file " + path
                        + " is damaged (Invalid Error)." + RESTORE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT name::INTEGER FROM %s",
                "SELECT * FROM %s WHERE name::INTEGER > 3",
                "SELECT nothing FROM %s",
                "SELECT error('x') FROM %s"
            })
    void aQueryThatFailsOnItsRowsBlamesNoFile(String sql) {
        fill(1);
        String scan = newest().scan(session);

        assertThatThrownBy(() -> session.query(String.format(sql, scan), row -> 1))
                .isInstanceOf(SqlFailedException.class);
    }

    @Test
    void anotherFileInThePlaceOfOneIsNamedByItsTypes() throws Exception {
        fill(1);
        String path = dataFile();
        overwrite(path, "SELECT 'secret' AS id, 'x' AS name");

        assertRefused(
                this::readCold,
                of(path + " has the column id as STRING, the table as INT.\n    Let the file's writer write it with the"
                        + " table's types, or restore it from a backup."));
    }

    @ParameterizedTest(name = "{0} for {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    '77'::VARCHAR            | STRING                  | INTEGER                | INT
                    77.6::DECIMAL(3,1)       | DECIMAL(3,1)            | INTEGER                | INT
                    77.6::DOUBLE             | DOUBLE                  | BIGINT                 | BIGINT
                    77.6::DOUBLE             | DOUBLE                  | FLOAT                  | FLOAT
                    1.234::DECIMAL(9,3)      | DECIMAL(9,3)            | DECIMAL(9,2)           | DECIMAL(9,2)
                    9::BIGINT                | BIGINT                  | DOUBLE                 | DOUBLE
                    true                     | BOOLEAN                 | INTEGER                | INT
                    77                       | INT                     | VARCHAR                | STRING
                    DATE '2026-01-01'        | DATE                    | VARCHAR                | STRING
                    TIMESTAMP '2026-01-01 10:00:00' | TIMESTAMP_NTZ    | DATE                   | DATE
                    {'a': '7'}               | STRUCT<a:STRING>        | STRUCT(a INTEGER)      | STRUCT<a:INT>
                    ['7']                    | ARRAY<STRING>           | INTEGER[]              | ARRAY<INT>
                    MAP {'7': 1.5}           | MAP<STRING,DECIMAL(2,1)> | MAP(VARCHAR, INTEGER) | MAP<STRING,INT>
                    """)
    void aColumnOfAnotherTypeIsNotCast(String stored, String inFile, String type, String inTable) throws Exception {
        create("SELECT 1 AS id, NULL::" + type + " AS v");
        commitForeign(
                "f.parquet",
                "SELECT 1 AS id, {'other': 'x'} AS deep, " + stored + " AS v",
                ",\"stats\":\"{\\\"numRecords\\\":1}\"");

        assertRefused(
                this::readCold,
                of(
                        "silver/invoice/f.parquet has the column v as " + inFile + ", the table as " + inTable
                                + ".\n    Let the file's writer write it with the table's types, or restore it from a backup."));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    7::TINYINT          | INTEGER             | 7
                    7                   | BIGINT              | 7
                    7::BIGINT           | INTEGER             | 7
                    7                   | DOUBLE              | 7.0
                    1.5::FLOAT          | DOUBLE              | 1.5
                    1.5::DECIMAL(3,1)   | DECIMAL(20,2)       | 1.50
                    7::BIGINT           | DECIMAL(20,2)       | 7.00
                    DATE '2026-01-01'   | TIMESTAMP           | 2026-01-01 00:00:00
                    'a'::BLOB           | VARCHAR             | a
                    7::UINTEGER         | BIGINT              | 7
                    {'b': 1, 'a': 2}    | STRUCT(a BIGINT)    | {'a': 2}
                    """)
    void aColumnOfANarrowerTypeIsRead(String stored, String type, String value) throws Exception {
        create("SELECT NULL::" + type + " AS v");
        commitForeign("f.parquet", "SELECT " + stored + " AS v", "");

        assertThat(readCold()).containsExactly(value);
    }

    @Test
    void aFileWhoseRowsCannotBeCountedIsNamed() throws Exception {
        create("SELECT 1 AS id");
        commitForeign("f.parquet", "SELECT 1 AS id", "");
        cut(FOLDER + "f.parquet", 0.5);
        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Rows of silver.invoice cannot be counted: its data file silver/invoice/f.parquet is"
                        + " damaged (Invalid Input Error)." + RESTORE);

        Files.delete(file(FOLDER + "f.parquet"));
        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Rows of silver.invoice cannot be counted: its data file silver/invoice/f.parquet is"
                        + " missing." + RESTORE);
    }

    @Test
    void aMissingOrDamagedDeletionVectorIsNamed() throws Exception {
        table.create(new TableDefinition(
                session.describe("SELECT 1 AS id"), List.of(), "", Map.of("delta.enableDeletionVectors", "true")));
        commitForeign(
                "f.parquet",
                "SELECT 1 AS id",
                ",\"stats\":\"{\\\"numRecords\\\":1}\",\"deletionVector\":{\"storageType\":\"u\",\"pathOrInlineDv\":"
                        + "\"vBn[lx{q8@P<9BNH/isA\",\"offset\":1,\"sizeInBytes\":36,\"cardinality\":1}");
        String vector = "silver/invoice/deletion_vector_61d16c75-6994-46b7-a15b-8b538852e50e.bin";

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: the deletion vector " + vector
                        + " of its data file silver/invoice/f.parquet is missing." + RESTORE);

        for (int length : new int[] {0, 20, 100}) {
            Files.write(file(vector), new byte[length]);
            assertRefused(
                    this::readCold,
                    "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: the deletion vector " + vector
                            + " of its data file silver/invoice/f.parquet is damaged." + RESTORE);
        }
    }
}
