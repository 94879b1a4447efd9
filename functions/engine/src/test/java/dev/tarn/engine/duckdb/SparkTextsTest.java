package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.SparkTextCases.Case;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That Spark says the same of the same cases is a test of the module independent-readers. */
class SparkTextsTest {

    @TempDir
    private Path folder;

    private DuckDb duckDb;
    private Session session;

    @BeforeEach
    void open() {
        duckDb = DuckDb.open(new Budget(256L << 20, 512L << 20, 1L << 30, 1L << 30, 1L << 30, 2), folder);
        session = duckDb.session();
        session.timezone(ZoneId.of(SparkTextCases.ZONE));
    }

    @AfterEach
    void close() {
        session.close();
        duckDb.close();
    }

    @Test
    void valuesAreWrittenAsSparkWritesThem() {
        List<String> wrong = new ArrayList<>();
        for (Case value : SparkTextCases.all()) {
            String rows = "SELECT " + value.duckDb() + " AS v UNION ALL SELECT NULL";
            DataType type = session.describe(rows).columns().get(0).type();
            List<String> texts = session.query(
                    "SELECT " + SparkTexts.of("v", type) + " FROM (" + rows + ") ORDER BY v IS NULL",
                    row -> row.getString(1));
            if (!type.toString().equals(value.type()) || !value.text().equals(texts.get(0)) || texts.get(1) != null) {
                wrong.add(value + " is " + type + " " + texts);
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void theLeastNumbersHaveTheTwoDigitsOfJava19() {
        assertThat(session.query(
                        "SELECT " + SparkTexts.of("v", DataType.Simple.DOUBLE)
                                + " FROM (VALUES (-1e-323::DOUBLE), (5e-323), (7e-323)) t(v)",
                        row -> row.getString(1)))
                .containsExactly("-9.9E-324", "4.9E-323", "6.9E-323");
    }

    @Test
    void rowsAreWrittenAsJsonWithoutLoss() {
        assertThat(
                        json(
                                """
                        SELECT -9223372036854775808 AS big, 99999999999999999999999999999999999999::DECIMAL(38,0) AS wide,
                        -0.05::DECIMAL(2,2) AS small, 1e300::DOUBLE AS d, 'NaN'::DOUBLE AS none, '-Infinity'::FLOAT AS f,
                        0.1::FLOAT AS tenth, 'a"\\' || chr(10) || chr(0) || '😀' AS "te""xt", unhex('FF00') AS bytes,
                        DATE '2026-01-31' AS day, TIMESTAMPTZ '2026-01-31 12:00:00.5+00' AS at,
                        TIMESTAMP '0001-01-01 00:00:00' AS plain, true AS yes, NULL::INT AS nothing"""))
                .isEqualTo("{\"big\":-9223372036854775808,\"wide\":99999999999999999999999999999999999999,"
                        + "\"small\":-0.05,\"d\":1e+300,\"none\":\"NaN\",\"f\":\"-Infinity\",\"tenth\":0.1,"
                        + "\"te\\\"xt\":\"a\\\"\\\\\\n\\u0000😀\",\"bytes\":\"/wA=\",\"day\":\"2026-01-31\","
                        + "\"at\":\"2026-01-31T12:00:00.5Z\",\"plain\":\"0001-01-01T00:00:00\",\"yes\":true,"
                        + "\"nothing\":null}");
    }

    @Test
    void nestedValuesAreWrittenAsJson() {
        assertThat(
                        json(
                                """
                        SELECT [1, NULL] AS list, []::INT[] AS nothing, MAP {DATE '2026-01-31': ['a', NULL]} AS days,
                        {'x': 1, 'y': {'z': NULL::INT}} AS st, NULL::STRUCT(x INT) AS none,
                        [{'m': MAP {'k': [1.5::DECIMAL(2,1)]}}] AS deep"""))
                .isEqualTo("{\"list\":[1,null],\"nothing\":[],\"days\":{\"2026-01-31\":[\"a\",null]},"
                        + "\"st\":{\"x\":1,\"y\":{\"z\":null}},\"none\":null,\"deep\":[{\"m\":{\"k\":[1.5]}}]}");
    }

    private String json(String row) {
        List<Column> columns = session.describe(row).columns();
        List<String> values =
                columns.stream().map(column -> Sql.identifier(column.name())).toList();
        return session.query(
                        "SELECT " + JsonTexts.object(columns, values) + " FROM (" + row + ")",
                        text -> text.getString(1))
                .get(0);
    }
}
