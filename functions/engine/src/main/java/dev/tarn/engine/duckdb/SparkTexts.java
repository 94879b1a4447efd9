package dev.tarn.engine.duckdb;

import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.stream.Collectors;

/**
 * Expressions that write values as texts, as {@code CAST(value AS STRING)} does in Spark's ANSI mode. Numbers with a
 * floating point have the fewest digits that tell them from all others, as from Java 19 on; older ones add digits to some.
 */
public final class SparkTexts {

    /** Tells well-formed UTF-8, in hexadecimal digits, from what Java replaces by one U+FFFD. */
    private static final String CHARACTER =
            "[0-7].|(?:C[2-9A-F]|D.)[89AB].|E0[AB].[89AB].|E[1-9A-CEF][89AB].[89AB].|ED[89].[89AB]."
                    + "|F0[9AB].[89AB].[89AB].|F[1-3][89AB].[89AB].[89AB].|F48.[89AB].[89AB].";

    private static final String BROKEN_CHARACTER =
            "E0[AB].|E[1-9A-CEF][89AB].|ED[89AB].(?:[89AB].)?|F0[9AB].(?:[89AB].)?|F[1-3][89AB].(?:[89AB].)?|F48.(?:[89AB].)?|..";

    /** Below these, numbers have so few bits that the shortest text is not the one that Java takes. */
    private static final double TINY_DOUBLE = 1e-322;

    private static final double TINY_FLOAT = 1e-43;

    private SparkTexts() {}

    /**
     * The text of the value, NULL for NULL; moments in the session's zone.
     *
     * @param value an expression of that type which is short: it is repeated
     */
    public static String of(String value, DataType type) {
        return of(value, type, 0);
    }

    private static String of(String value, DataType type, int depth) {
        if (type instanceof DataType.Decimal decimal) {
            return decimal(value, decimal);
        }
        if (type instanceof DataType.Array array) {
            String element = "e" + depth;
            String texts = "list_transform(" + value + ", lambda " + element + ": "
                    + orNull(element, array.element(), depth + 1) + ")";
            return unlessNull(value, "'[' || array_to_string(" + texts + ", ', ') || ']'");
        }
        if (type instanceof DataType.MapOf map) {
            String entry = "e" + depth;
            String texts = "list_transform(map_entries(" + value + "), lambda " + entry + ": "
                    + orNull(field(entry, "key"), map.key(), depth + 1) + " || ' -> ' || "
                    + orNull(field(entry, "value"), map.value(), depth + 1) + ")";
            return unlessNull(value, "'{' || array_to_string(" + texts + ", ', ') || '}'");
        }
        if (type instanceof DataType.Struct struct) {
            return unlessNull(
                    value,
                    struct.fields().stream()
                            .map(field -> orNull(field(value, field.name()), field.type(), depth))
                            .collect(Collectors.joining(" || ', ' || ", "'{' || ", " || '}'")));
        }
        return simple(value, (Simple) type);
    }

    /** The field of the struct. */
    static String field(String struct, String name) {
        return "struct_extract(" + struct + ", " + Sql.literal(name) + ")";
    }

    /** The expression {@code text} of the value, NULL when that is. */
    static String unlessNull(String value, String text) {
        return "CASE WHEN " + value + " IS NULL THEN NULL ELSE " + text + " END";
    }

    private static String orNull(String value, DataType type, int depth) {
        return "coalesce(" + of(value, type, depth) + ", 'null')";
    }

    private static String simple(String value, Simple type) {
        return switch (type) {
            case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT -> "CAST(" + value + " AS VARCHAR)";
            case STRING -> value;
            case FLOAT -> floatingPoint(value, TINY_FLOAT, tinyFloats());
            case DOUBLE -> floatingPoint(value, TINY_DOUBLE, tinyDoubles());
            case BINARY -> binary(value);
            case DATE -> date(value);
            case TIMESTAMP -> moment("CAST(" + value + " AS TIMESTAMP)", " ");
            case TIMESTAMP_NTZ -> moment(value, " ");
        };
    }

    /** DuckDB leaves the zero before the point out when the type has no room for it. */
    static String decimal(String value, DataType.Decimal type) {
        String text = "CAST(" + value + " AS VARCHAR)";
        return type.precision() == type.scale()
                ? "CASE WHEN " + value + " < 0 THEN '-0' || ltrim(" + text + ", '-') ELSE '0' || " + text + " END"
                : text;
    }

    private static String floatingPoint(String value, double tiny, String tinyTexts) {
        String text = "CAST(abs(" + value + ") AS VARCHAR)";
        String digits = "rtrim(replace(" + text + ", '.', ''), '0')";
        String mantissa = "split_part(" + text + ", 'e', 1)";
        String exponent = "'E' || CAST(CAST(split_part(" + text + ", 'e', 2) AS INTEGER) AS VARCHAR)";
        return "CASE WHEN isnan(" + value + ") THEN 'NaN'"
                + " WHEN isinf(" + value + ") THEN CASE WHEN " + value + " > 0 THEN 'Infinity' ELSE '-Infinity' END"
                + " WHEN " + value + " = 0 OR abs(" + value + ") >= 1e-3 AND abs(" + value + ") < 1e7 THEN CAST("
                + value + " AS VARCHAR)"
                + " ELSE CASE WHEN " + value + " < 0 THEN '-' ELSE '' END || CASE"
                + " WHEN abs(" + value + ") < " + tiny + " THEN CASE " + text + tinyTexts + " ELSE "
                + pointed(mantissa) + " || " + exponent + " END"
                + " WHEN contains(" + text + ", 'e') THEN " + pointed(mantissa) + " || " + exponent
                + " WHEN abs(" + value + ") < 1 THEN " + scientific("ltrim(substr(" + text + ", 3), '0')") + " || 'E-4'"
                + " ELSE " + scientific(digits) + " || 'E' || CAST(strpos(" + text + ", '.') - 2 AS VARCHAR) END END";
    }

    private static String pointed(String mantissa) {
        return mantissa + " || CASE WHEN contains(" + mantissa + ", '.') THEN '' ELSE '.0' END";
    }

    private static String scientific(String digits) {
        return "left(" + digits + ", 1) || '.' || CASE WHEN length(" + digits + ") > 1 THEN substr(" + digits
                + ", 2) ELSE '0' END";
    }

    private static String tinyDoubles() {
        StringBuilder texts = new StringBuilder();
        for (double number = Double.MIN_VALUE; number < TINY_DOUBLE; number += Double.MIN_VALUE) {
            BigDecimal exact = new BigDecimal(number);
            if (rounded(exact, 1).doubleValue() == number) {
                addUnlessSame(texts, exact);
            }
        }
        return texts.toString();
    }

    private static String tinyFloats() {
        StringBuilder texts = new StringBuilder();
        for (float number = Float.MIN_VALUE; number < TINY_FLOAT; number += Float.MIN_VALUE) {
            BigDecimal exact = new BigDecimal(number);
            if (rounded(exact, 1).floatValue() == number) {
                addUnlessSame(texts, exact);
            }
        }
        return texts.toString();
    }

    /** Java takes two digits where one would do, and then the nearest ones. */
    private static void addUnlessSame(StringBuilder texts, BigDecimal exact) {
        BigDecimal one = rounded(exact, 1);
        BigDecimal two = rounded(exact, 2);
        if (one.compareTo(two) != 0) {
            String digits = two.unscaledValue().toString();
            texts.append(" WHEN ")
                    .append(Sql.literal(one.unscaledValue() + "e" + -one.scale()))
                    .append(" THEN ")
                    .append(Sql.literal(digits.charAt(0) + "." + digits.charAt(1) + "E" + (1 - two.scale())));
        }
    }

    private static BigDecimal rounded(BigDecimal exact, int digits) {
        return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static String binary(String value) {
        String characters =
                "regexp_extract_all(hex(" + value + "), " + Sql.literal(CHARACTER + "|" + BROKEN_CHARACTER) + ")";
        String replaced = "list_transform(" + characters + ", lambda c: CASE WHEN regexp_full_match(c, "
                + Sql.literal(CHARACTER) + ") THEN c ELSE 'EFBFBD' END)";
        return "coalesce(TRY(decode(" + value + ")), decode(unhex(array_to_string(" + replaced + ", ''))))";
    }

    /** As ISO 8601 has it, with a sign before years of more than four digits. DuckDB takes the last day for infinity. */
    static String date(String value) {
        return "CASE WHEN year(" + value + ") BETWEEN 1 AND 9999 THEN CAST(" + value + " AS VARCHAR)"
                + " WHEN isfinite(" + value + ") THEN " + year(value) + " || strftime(" + value + ", '-%m-%d')"
                + " WHEN " + value + " > DATE '1970-01-01' THEN '+5881580-07-11'"
                + " WHEN " + value + " IS NOT NULL THEN '-5877641-06-24' END";
    }

    /** @param value a TIMESTAMP, without a zone */
    static String moment(String value, String separator) {
        return "CASE WHEN isfinite(" + value + ") THEN " + year(value) + " || strftime(" + value + ", '-%m-%d"
                + separator
                + "%H:%M:%S') || rtrim(rtrim(strftime(" + value + ", '.%f'), '0'), '.')"
                + " WHEN " + value + " > TIMESTAMP '1970-01-01' THEN '+294247-01-10" + separator + "04:00:54.775807'"
                + " WHEN " + value + " IS NOT NULL THEN '-290308-12-21" + separator + "19:59:05.224193' END";
    }

    private static String year(String value) {
        String number = "CAST(abs(year(" + value + ")) AS VARCHAR)";
        return "CASE WHEN year(" + value + ") < 0 THEN '-' WHEN year(" + value + ") > 9999 THEN '+' ELSE '' END"
                + " || CASE WHEN length(" + number + ") < 4 THEN lpad(" + number + ", 4, '0') ELSE " + number + " END";
    }
}
