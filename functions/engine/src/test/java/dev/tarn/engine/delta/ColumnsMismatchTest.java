package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are not a table's are refused before a file is written: nothing is rounded, cut or filled up. */
class ColumnsMismatchTest extends DeltaFixture {

    private static final String REFRESH = ", or refresh the table fully to give it the query's columns.";

    @ParameterizedTest(name = "{0} into {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    1.005::DECIMAL(18,3)  | DECIMAL(18,2)          | DECIMAL(18,2)      | DECIMAL(18,3)
                    1.5::DOUBLE           | INTEGER                | INT                | DOUBLE
                    1.5::DOUBLE           | FLOAT                  | FLOAT              | DOUBLE
                    1.5::DOUBLE           | DECIMAL(18,2)          | DECIMAL(18,2)      | DOUBLE
                    1.5::DECIMAL(18,2)    | BIGINT                 | BIGINT             | DECIMAL(18,2)
                    1::BIGINT             | DOUBLE                 | DOUBLE             | BIGINT
                    TIMESTAMP '2026-01-01 10:00:00' | DATE         | DATE               | TIMESTAMP_NTZ
                    '7'                   | INTEGER                | INT                | STRING
                    {'a': 1.5::DOUBLE}    | STRUCT(a INTEGER)      | STRUCT<a:INT>      | STRUCT<a:DOUBLE>
                    """)
    void aCastThatLosesDigitsIsLeftToTheQuery(String value, String type, String inTable, String inQuery)
            throws Exception {
        TableSnapshot base = create("SELECT 1 AS id, NULL::" + type + " AS amount");

        assertThatThrownBy(() -> table.append(session, base, "SELECT 1 AS id, " + value + " AS amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  Column amount of silver.invoice is " + inTable + ", and the query yields "
                        + inQuery + ", whose values it cannot all hold.\n    If what is lost may be lost, write"
                        + " CAST(\"amount\" AS " + inTable + ") in the query" + REFRESH);
        assertNothingWritten();
    }

    @ParameterizedTest(name = "{0} into {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    1.5::DECIMAL(9,1)     | DECIMAL(18,2)          | DECIMAL(18,2)      | DECIMAL(9,1)
                    1                     | BIGINT                 | BIGINT             | INT
                    1.5::FLOAT            | DOUBLE                 | DOUBLE             | FLOAT
                    [1]                   | BIGINT[]               | ARRAY<BIGINT>      | ARRAY<INT>
                    """)
    void aCastThatLosesNothingIsNamed(String value, String type, String inTable, String inQuery) throws Exception {
        TableSnapshot base = create("SELECT 1 AS id, NULL::" + type + " AS amount");

        assertThatThrownBy(() -> table.append(session, base, "SELECT 1 AS id, " + value + " AS amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  Column amount of silver.invoice is " + inTable + ", and the query yields "
                        + inQuery + ".\n    Write CAST(\"amount\" AS " + inTable + ") in the query" + REFRESH);
        assertNothingWritten();
    }

    @Test
    void everyColumnThatDiffersIsNamed() throws Exception {
        TableSnapshot base = create("SELECT 1 AS id, 'x' AS name, 1.5::DECIMAL(9,2) AS amount");

        assertThatThrownBy(() ->
                        table.append(session, base, "SELECT 1::BIGINT AS id, 2 AS rate, 1.5::DECIMAL(9,2) AS amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  Column id of silver.invoice is INT, and the query yields BIGINT.\n"
                        + "    Write CAST(\"id\" AS INT) in the query" + REFRESH
                        + "\nSCHEMA_CHANGED  silver.invoice has the column name STRING, and the query yields none of that"
                        + " name.\n    Add it to the query, if need be as CAST(NULL AS STRING) AS \"name\"" + REFRESH
                        + "\nSCHEMA_CHANGED  The query yields the column rate INT, and silver.invoice has none of that"
                        + " name.\n    Leave it out of the query" + REFRESH);
        assertNothingWritten();
    }

    @Test
    void theOrderOfColumnsDoesNotMatter() {
        create("SELECT 1 AS id, 'x' AS name");

        append("SELECT 'y' AS name, 2 AS id");

        assertThat(rows(newest().scan(session))).containsExactly("2, y");
    }

    private void assertNothingWritten() throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("lake/silver/invoice"))) {
            assertThat(files.map(Path::getFileName).map(Path::toString).toList())
                    .isEqualTo(List.of("_delta_log"));
        }
    }
}
