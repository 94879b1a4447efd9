package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.model.DataType;

/**
 * Texts as values of a type: NULL where a text is not exactly one. DuckDB's casts alone would round numbers, and leave out
 * times and zones.
 */
final class Fitting {

    private static final int DIGITS_BEHIND = 18;

    private Fitting() {}

    /** A DuckDB expression for {@code text}, one of type VARCHAR, as a value of the type. */
    static String of(String text, DataType type) {
        if (type == DataType.Simple.STRING) {
            return text;
        }
        String value = "TRY_CAST(" + text + " AS " + DuckDbTypes.sqlType(type) + ")";
        if (type instanceof DataType.Decimal decimal) {
            int scale = DataType.Decimal.MAX_PRECISION - decimal.precision() + decimal.scale();
            return where(value + " = " + decimal(text, scale), value);
        }
        if (!(type instanceof DataType.Simple simple)) {
            return value;
        }
        return switch (simple) {
            case TINYINT, SMALLINT, INT, BIGINT -> where(value + " = " + decimal(text, DIGITS_BEHIND), value);
            case DATE -> where("NOT contains(" + text + ", ':') AND isfinite(" + value + ")", value);
            case TIMESTAMP -> where("isfinite(" + value + ")", value);
            case TIMESTAMP_NTZ ->
                where(
                        "NOT regexp_matches(" + text + ", ':\\d\\d.*([zZ]|[+-]\\d\\d(:?\\d\\d)?)\\s*$') AND isfinite("
                                + value + ")",
                        value);
            default -> value;
        };
    }

    static boolean isNumber(DataType type) {
        return type instanceof DataType.Decimal
                || type instanceof DataType.Simple simple
                        && switch (simple) {
                            case TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE -> true;
                            default -> false;
                        };
    }

    private static String where(String condition, String value) {
        return "CASE WHEN " + condition + " THEN " + value + " END";
    }

    private static String decimal(String text, int scale) {
        return "TRY_CAST(" + text + " AS DECIMAL(" + DataType.Decimal.MAX_PRECISION + ", " + scale + "))";
    }
}
