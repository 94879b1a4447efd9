package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.Sql;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written is read, for every type that a table can have. */
class DataTypesTest extends DeltaFixture {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of("BOOLEAN", List.of("true", "false")),
                Arguments.of("TINYINT", List.of("-128", "127")),
                Arguments.of("SMALLINT", List.of("-32768", "32767")),
                Arguments.of("INTEGER", List.of("-2147483648", "2147483647")),
                Arguments.of("BIGINT", List.of("-9223372036854775808", "9223372036854775807")),
                Arguments.of("FLOAT", List.of("nan", "inf", "-inf", "-0.0", "1.17549435e-38", "3.4028235e+38")),
                Arguments.of("DOUBLE", List.of("nan", "inf", "-inf", "-0.0", "5e-324", "1.7976931348623157e+308")),
                Arguments.of("DECIMAL(1,0)", List.of("-9", "9")),
                Arguments.of("DECIMAL(9,2)", List.of("-9999999.99", "0.01")),
                Arguments.of("DECIMAL(18,6)", List.of("-999999999999.999999", "0.000001")),
                Arguments.of(
                        "DECIMAL(38,18)", List.of("-99999999999999999999.999999999999999999", "0.000000000000000001")),
                Arguments.of("DECIMAL(38,0)", List.of("-99999999999999999999999999999999999999")),
                Arguments.of(
                        "VARCHAR",
                        List.of(
                                "",
                                " ",
                                "NULL",
                                "O'Brien \"x\"",
                                "\u65e5\u672c",
                                "\ud83d\ude00",
                                "a\nb",
                                "x".repeat(100))),
                Arguments.of("BLOB", List.of("", "\\x00\\xFF", "abc")),
                Arguments.of("DATE", List.of("0001-01-01", "1899-12-31", "1969-12-31", "1970-01-01", "9999-12-31")),
                Arguments.of(
                        "TIMESTAMP WITH TIME ZONE",
                        List.of(
                                "0001-01-01 00:00:00+00",
                                "1969-12-31 23:59:59.999999+00",
                                "1970-01-01 00:00:00+00",
                                "2026-11-22 20:15:30.123456+00",
                                "9999-12-31 23:59:59.999+00")),
                Arguments.of(
                        "TIMESTAMP",
                        List.of("0001-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2026-03-29 02:30:00")),
                Arguments.of("INTEGER[]", List.of("[]", "[1, NULL, 3]")),
                Arguments.of("VARCHAR[][]", List.of("[[a, b], [], NULL]")),
                Arguments.of(
                        "STRUCT(a INTEGER, b VARCHAR[])", List.of("{'a': 1, 'b': [x, y]}", "{'a': NULL, 'b': NULL}")),
                Arguments.of("MAP(VARCHAR, DECIMAL(5,2))", List.of("{}", "{a=1.50, b=NULL}")),
                Arguments.of("STRUCT(m MAP(VARCHAR, STRUCT(k BIGINT)[]))", List.of("{'m': {x=[{'k': 1}, NULL]}}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void valuesAndNullsComeBack(String type, List<String> values) throws Exception {
        session.execute("CREATE TEMP TABLE source (id INTEGER, v " + type + ")");
        session.execute("INSERT INTO source VALUES (0, NULL)");
        for (int i = 0; i < values.size(); i++) {
            session.execute("INSERT INTO source VALUES (" + (i + 1) + ", '"
                    + values.get(i).replace("'", "''") + "')");
        }
        create("SELECT * FROM source");

        append("SELECT * FROM source");
        append("SELECT * FROM source WHERE v IS NULL");
        append("SELECT * FROM source WHERE false");

        TableSnapshot now = newest();
        assertThat(now.version()).isEqualTo(3);
        assertThat(now.files()).hasSize(2);
        assertThat(session.describe("SELECT * FROM " + now.scan(session)))
                .isEqualTo(session.describe("SELECT * FROM source"))
                .isEqualTo(now.schema());
        assertThat(session.query(
                        "SELECT count(*) FROM (SELECT * FROM " + now.scan(session)
                                + " EXCEPT ALL (SELECT * FROM source UNION ALL SELECT 0, NULL))",
                        row -> row.getLong(1)))
                .containsExactly(0L);
        assertThat(now.numRecords()).isEqualTo(values.size() + 2L);
        assertBoundsHold(type);
    }

    /** Compares the statistics in the log with the rows. */
    private void assertBoundsHold(String type) throws Exception {
        if (type.contains("[")
                || type.contains("(") && !type.startsWith("DECIMAL")
                || type.equals("BLOB")
                || type.equals("BOOLEAN")) {
            return;
        }
        JsonNode statistics = JSON.readTree(statistics(1));
        assertThat(session.query(
                        "SELECT count(*), count(*) - count(v) FROM source",
                        row -> row.getLong(1) + " " + row.getLong(2)))
                .containsExactly(statistics.get("numRecords") + " " + statistics.at("/nullCount/v"));
        boolean hasBounds = !type.equals("FLOAT") && !type.equals("DOUBLE");
        assertThat(statistics.at("/minValues").has("v")).isEqualTo(hasBounds);
        assertThat(statistics.at("/maxValues").has("v")).isEqualTo(hasBounds);
        if (hasBounds) {
            assertThat(session.query(
                            "SELECT count(*) FROM source WHERE v < " + literal(statistics.at("/minValues/v")) + "::"
                                    + type + " OR v > " + literal(statistics.at("/maxValues/v")) + "::" + type,
                            row -> row.getLong(1)))
                    .containsExactly(0L);
        }
    }

    private static String literal(JsonNode value) {
        return Sql.literal(value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText());
    }

    @Test
    void momentsDoNotDependOnTheSessionsZone() {
        create("SELECT 1 AS id, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS v");
        session.timezone(ZoneId.of("Asia/Manila"));

        append("SELECT 1 AS id, TIMESTAMPTZ '1880-01-01 00:00:00+00' AS v");
        append("SELECT 2 AS id, TIMESTAMPTZ '2026-06-01 12:00:00.5+00' AS v");

        session.timezone(ZoneId.of("UTC"));
        assertThat(rows(newest().scan(session)))
                .containsExactly("1, 1880-01-01 00:00:00+00", "2, 2026-06-01 12:00:00.5+00");
        assertThat(statistics(1)).contains("\"v\":\"1880-01-01T00:00:00.000Z\"");
        assertThat(statistics(2)).contains("\"v\":\"2026-06-01T12:00:00.500Z\"");
    }
}
