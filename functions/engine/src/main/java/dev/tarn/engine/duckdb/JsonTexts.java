package dev.tarn.engine.duckdb;

import static dev.tarn.engine.duckdb.SparkTexts.field;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Expressions that write values as JSON: numbers with all their digits, moments in UTC and dates as ISO 8601 has them,
 * binary as Base64, NaN and the infinities as texts, maps as objects. Nothing is left out, NULL is null.
 */
public final class JsonTexts {

    private JsonTexts() {}

    /** An object of {@code columns}; their expressions, short because they are repeated, are given in the same order. */
    public static String object(List<Column> columns, List<String> values) {
        return object(columns, values, 0);
    }

    private static String object(List<Column> columns, List<String> values, int depth) {
        StringBuilder object = new StringBuilder("'{' || ");
        for (int column = 0; column < columns.size(); column++) {
            object.append(column == 0 ? "" : "',' || ")
                    .append("CAST(to_json(")
                    .append(Sql.literal(columns.get(column).name()))
                    .append("::VARCHAR) AS VARCHAR) || ':' || ")
                    .append(of(values.get(column), columns.get(column).type(), depth))
                    .append(" || ");
        }
        return object.append("'}'").toString();
    }

    private static String of(String value, DataType type, int depth) {
        return "coalesce(" + unlessNull(value, type, depth) + ", 'null')";
    }

    private static String unlessNull(String value, DataType type, int depth) {
        if (type instanceof DataType.Decimal decimal) {
            return SparkTexts.decimal(value, decimal);
        }
        if (type instanceof DataType.Array array) {
            String element = "e" + depth;
            return SparkTexts.unlessNull(
                    value,
                    "'[' || array_to_string(list_transform(" + value + ", lambda " + element + ": "
                            + of(element, array.element(), depth + 1) + "), ',') || ']'");
        }
        if (type instanceof DataType.MapOf map) {
            String entry = "e" + depth;
            return SparkTexts.unlessNull(
                    value,
                    "'{' || array_to_string(list_transform(map_entries(" + value + "), lambda " + entry + ": "
                            + text(SparkTexts.of(field(entry, "key"), map.key())) + " || ':' || "
                            + of(field(entry, "value"), map.value(), depth + 1) + "), ',') || '}'");
        }
        if (type instanceof DataType.Struct struct) {
            List<String> fields = struct.fields().stream()
                    .map(column -> field(value, column.name()))
                    .collect(Collectors.toList());
            return SparkTexts.unlessNull(value, object(struct.fields(), fields, depth));
        }
        return simple(value, (Simple) type);
    }

    private static String simple(String value, Simple type) {
        String text = "CAST(" + value + " AS VARCHAR)";
        return switch (type) {
            case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT -> text;
            case FLOAT, DOUBLE ->
                "CASE WHEN isfinite(" + value + ") THEN " + text + " WHEN isnan(" + value + ") THEN '\"NaN\"' WHEN "
                        + value + " > 0 THEN '\"Infinity\"' WHEN " + value + " < 0 THEN '\"-Infinity\"' END";
            case STRING -> text(value);
            case BINARY -> "'\"' || base64(" + value + ") || '\"'";
            case DATE -> "'\"' || " + SparkTexts.date(value) + " || '\"'";
            case TIMESTAMP -> "'\"' || " + SparkTexts.moment("timezone('UTC', " + value + ")", "T") + " || 'Z\"'";
            case TIMESTAMP_NTZ -> "'\"' || " + SparkTexts.moment(value, "T") + " || '\"'";
        };
    }

    private static String text(String value) {
        return "CAST(to_json(" + value + ") AS VARCHAR)";
    }
}
