package dev.tarn.readers;

import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of many files of two or three rows, with the values by which statistics go wrong if they can. Readers pass over
 * files when they look for one of them.
 */
final class SkippedFiles {

    static final TableName TABLE = TableName.parse("silver.skipped");
    private static final int FILES = 9;

    /** Of every column, and of a field in {@code deep} of the same name. */
    private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

    static {
        values("tiny", "TINYINT", "-128", "0", "127");
        values("small", "SMALLINT", "-32768", "0", "32767");
        values("int", "INTEGER", "-2147483648", "0", "2147483647");
        values("big", "BIGINT", "-9223372036854775808", "0", "9223372036854775807");
        values("float", "FLOAT", "-0.0", "0.0", "0.1", "nan", "-inf", "1.5");
        values("double", "DOUBLE", "-0.0", "0.0", "inf", "nan", "-1e30", "0.1");
        values("money", "DECIMAL(18,2)", "-0.01", "0.00", "1234567890123456.78");
        values("huge", "DECIMAL(38,18)", "-12345678901234567890.123456789012345678", "0.000000000000000001", "7");
        String last = Character.toString(0x10FFFF);
        values(
                "text",
                "VARCHAR",
                "",
                "a".repeat(32) + "b",
                "a".repeat(31) + "\ud83d\ude00z",
                "a".repeat(31) + last.repeat(3) + "b",
                "\uffff".repeat(40),
                "O'Brien \\ \"x\"",
                "z".repeat(9_000));
        values("bytes", "BLOB", "", "a", "\\xFF\\x00");
        values("flag", "BOOLEAN", "true", "false");
        values("day", "DATE", "0001-01-01", "1582-10-15", "1969-12-31", "9999-12-31");
        String[] moments = {
            "0001-01-01 00:00:00", "1969-12-31 23:59:59.999999", "1970-01-01 00:00:00.000001",
            "2026-03-29 02:30:00.1239", "2026-03-29 02:30:00.124", "9999-12-31 23:59:59.999999"
        };
        values("moment", "TIMESTAMPTZ", moments);
        values("local", "TIMESTAMP", moments);
    }

    private SkippedFiles() {}

    private static void values(String column, String type, String... texts) {
        List<String> values = new ArrayList<>();
        for (String text : texts) {
            values.add("CAST(" + Sql.literal(text) + " AS " + type + ")");
        }
        VALUES.put(column, values);
    }

    static List<String> columns() {
        return List.copyOf(VALUES.keySet());
    }

    /** Writes the table. */
    static void write(WrittenLake lake) {
        lake.create(TABLE, rows(0), List.of(), Map.of("delta.dataSkippingNumIndexedCols", "-1"));
        for (int file = 0; file < FILES; file++) {
            lake.append(TABLE, rows(file));
        }
    }

    /** The last but one file has nothing but NULL, the last one NULL among others. */
    private static String rows(int file) {
        return IntStream.range(0, 3)
                .filter(row -> row < 2 || file == FILES - 1)
                .mapToObj(row -> row(file, row))
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static String row(int file, int row) {
        boolean isNull = file == FILES - 2 || row == 2;
        String columns = VALUES.keySet().stream()
                .map(column -> value(column, file + row, isNull) + " AS \"" + column + "\"")
                .collect(Collectors.joining(", "));
        String fields = VALUES.keySet().stream()
                .map(column -> "'" + column + "': " + value(column, file - row + 7, isNull))
                .collect(Collectors.joining(", ", "{", "}"));
        // A struct that is NULL counts as NULL for each of its fields.
        String deep = row == 1 && file % 3 == 1 ? "NULL" : "{'in': " + fields + "}";
        return "SELECT " + (file * 10 + row) + " AS id, " + columns + ", " + deep + " AS deep";
    }

    private static String value(String column, int at, boolean isNull) {
        List<String> values = VALUES.get(column);
        String value = values.get(at % values.size());
        return isNull ? "nullif(" + value + ", " + value + ")" : value;
    }
}
