package dev.tarn.engine.duckdb;

import java.util.ArrayList;
import java.util.List;

/** Values at the edges of their types, and the texts that Spark 4.2 makes of them in ANSI mode, in the zone of Manila. */
public final class SparkTextCases {

    /** Zone of the session. */
    public static final String ZONE = "Asia/Manila";

    private SparkTextCases() {}

    /**
     * A value and its text.
     *
     * @param type in Spark's words
     * @param duckDb the value for DuckDB
     * @param spark the value for Spark
     * @param text of it
     */
    public record Case(String type, String duckDb, String spark, String text) {

        private static Case of(String type, String both, String text) {
            return new Case(type, both, both, text);
        }

        private static Case number(String type, String number, String text) {
            String cast = "CAST('" + number + "' AS " + type + ")";
            return new Case(type, cast, cast, text);
        }

        private static Case bytes(String hex, String text) {
            return new Case("BINARY", "unhex('" + hex + "')", "X'" + hex + "'", text);
        }

        private static Case moment(String utc, String text) {
            return new Case("TIMESTAMP", "TIMESTAMPTZ '" + utc + "+00'", "TIMESTAMP '" + utc + "Z'", text);
        }

        private static Case local(String at, String text) {
            return new Case("TIMESTAMP_NTZ", "TIMESTAMP '" + at + "'", "TIMESTAMP_NTZ '" + at + "'", text);
        }
    }

    /** All of them. */
    public static List<Case> all() {
        List<Case> all = new ArrayList<>(numbers());
        all.addAll(others());
        all.addAll(nested());
        return all;
    }

    private static List<Case> numbers() {
        return List.of(
                Case.of("BOOLEAN", "true", "true"),
                Case.number("TINYINT", "-128", "-128"),
                Case.number("SMALLINT", "32767", "32767"),
                Case.number("INT", "-2147483648", "-2147483648"),
                Case.number("BIGINT", "-9223372036854775808", "-9223372036854775808"),
                Case.number("DECIMAL(38,0)", "99999999999999999999999999999999999999", "9".repeat(38)),
                Case.number("DECIMAL(10,7)", "0.0000001", "0.0000001"),
                Case.number("DECIMAL(12,2)", "-1234.5", "-1234.50"),
                Case.number("DECIMAL(2,2)", "-0.05", "-0.05"),
                Case.number("DECIMAL(2,2)", "0", "0.00"),
                Case.number("DECIMAL(38,38)", "0.1", "0.1" + "0".repeat(37)),
                Case.number("DOUBLE", "NaN", "NaN"),
                Case.number("DOUBLE", "-Infinity", "-Infinity"),
                Case.number("DOUBLE", "Infinity", "Infinity"),
                Case.number("DOUBLE", "0.0", "0.0"),
                Case.number("DOUBLE", "-0.0", "-0.0"),
                Case.number("DOUBLE", "1e10", "1.0E10"),
                Case.number("DOUBLE", "1234567.891", "1234567.891"),
                Case.number("DOUBLE", "9999999.999999998", "9999999.999999998"),
                Case.number("DOUBLE", "10000000", "1.0E7"),
                Case.number("DOUBLE", "-123456789.125", "-1.23456789125E8"),
                Case.number("DOUBLE", "1e15", "1.0E15"),
                Case.number("DOUBLE", "9007199254740993", "9.007199254740992E15"),
                Case.number("DOUBLE", "1e16", "1.0E16"),
                Case.number("DOUBLE", "-1.7976931348623157E308", "-1.7976931348623157E308"),
                Case.number("DOUBLE", "0.001", "0.001"),
                Case.number("DOUBLE", "0.0009999", "9.999E-4"),
                Case.number("DOUBLE", "-0.0001", "-1.0E-4"),
                Case.number("DOUBLE", "0.00001234", "1.234E-5"),
                Case.number("DOUBLE", "2.2250738585072014E-308", "2.2250738585072014E-308"),
                Case.number("DOUBLE", "4.9E-324", "4.9E-324"),
                Case.number("DOUBLE", "1.5E-323", "1.5E-323"),
                Case.number("FLOAT", "NaN", "NaN"),
                Case.number("FLOAT", "Infinity", "Infinity"),
                Case.number("FLOAT", "1.1", "1.1"),
                Case.number("FLOAT", "16777216", "1.6777216E7"),
                Case.number("FLOAT", "0.0001", "1.0E-4"),
                Case.number("FLOAT", "-3.4028235E38", "-3.4028235E38"),
                Case.number("FLOAT", "1.4E-45", "1.4E-45"),
                Case.number("FLOAT", "9.8E-45", "9.8E-45"),
                Case.number("FLOAT", "-1.23E-38", "-1.23E-38"));
    }

    private static List<Case> others() {
        return List.of(
                Case.of("STRING", "''", ""),
                Case.of("STRING", "'NULL, \"😀\"'", "NULL, \"😀\""),
                Case.bytes("", ""),
                Case.bytes("C3A95B00F09F9880", "é[\0😀"),
                Case.bytes("FF41", "\uFFFDA"),
                Case.bytes("E28241C3", "\uFFFDA\uFFFD"),
                Case.bytes("F09F98", "\uFFFD"),
                Case.bytes("EDA080C080F8", "\uFFFD\uFFFD\uFFFD\uFFFD"),
                Case.of("DATE", "DATE '0001-01-01'", "0001-01-01"),
                Case.of("DATE", "DATE '2026-02-28'", "2026-02-28"),
                Case.of("DATE", "DATE '9999-12-31'", "9999-12-31"),
                new Case("DATE", "DATE '1970-01-01' + 2932897", "date_from_unix_date(2932897)", "+10000-01-01"),
                new Case("DATE", "DATE '1970-01-01' - 719529", "date_from_unix_date(-719529)", "-0001-12-31"),
                new Case("DATE", "DATE '1970-01-01' - 719528", "date_from_unix_date(-719528)", "0000-01-01"),
                new Case("DATE", "DATE 'infinity'", "date_from_unix_date(2147483647)", "+5881580-07-11"),
                new Case("DATE", "DATE '-infinity'", "date_from_unix_date(-2147483647)", "-5877641-06-24"),
                Case.moment("2026-11-22 00:00:00", "2026-11-22 08:00:00"),
                Case.moment("2026-11-22 16:00:00.100000", "2026-11-23 00:00:00.1"),
                Case.moment("1969-12-31 23:59:59.999999", "1970-01-01 07:59:59.999999"),
                Case.moment("1880-01-01 00:00:00", "1880-01-01 08:03:52"),
                Case.moment("9999-12-31 23:59:59.999999", "+10000-01-01 07:59:59.999999"),
                Case.local("1582-10-04 00:00:00", "1582-10-04 00:00:00"),
                Case.local("2026-11-22 12:34:56.000120", "2026-11-22 12:34:56.00012"),
                new Case(
                        "TIMESTAMP_NTZ",
                        "TIMESTAMP 'infinity'",
                        "TIMESTAMP_NTZ '+294247-01-10 04:00:54.775807'",
                        "+294247-01-10 04:00:54.775807"));
    }

    private static List<Case> nested() {
        return List.of(
                new Case("ARRAY<INT>", "[1, NULL, 3]", "array(1, NULL, 3)", "[1, null, 3]"),
                new Case("ARRAY<INT>", "[]::INT[]", "CAST(array() AS ARRAY<INT>)", "[]"),
                new Case(
                        "ARRAY<ARRAY<STRING>>",
                        "[['a', ''], NULL, []]",
                        "array(array('a', ''), NULL, array())",
                        "[[a, ], null, []]"),
                new Case("MAP<STRING,INT>", "MAP {'a': 1, 'b': NULL}", "map('a', 1, 'b', NULL)", "{a -> 1, b -> null}"),
                new Case("MAP<STRING,INT>", "MAP {}::MAP(VARCHAR, INT)", "CAST(map() AS MAP<STRING, INT>)", "{}"),
                new Case(
                        "STRUCT<x:INT,y:STRING>",
                        "{'x': 1, 'y': NULL::VARCHAR}",
                        "named_struct('x', 1, 'y', CAST(NULL AS STRING))",
                        "{1, null}"),
                new Case(
                        "MAP<DATE,ARRAY<STRUCT<d:DOUBLE,at:TIMESTAMP,bytes:BINARY>>>",
                        "MAP {DATE '2026-01-31': [{'d': 1e10::DOUBLE, 'at': TIMESTAMPTZ '2026-01-01 00:00:00+00', 'bytes':"
                                + " unhex('FF')}, NULL]}",
                        "map(DATE '2026-01-31', array(named_struct('d', 1e10D, 'at', TIMESTAMP '2026-01-01 00:00:00Z',"
                                + " 'bytes', X'FF'), NULL))",
                        "{2026-01-31 -> [{1.0E10, 2026-01-01 08:00:00, \uFFFD}, null]}"));
    }
}
