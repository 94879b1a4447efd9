package dev.tarn.engine.duckdb;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names of types in DuckDB. */
public final class DuckDbTypes {

    private static final Map<DataType.Simple, String> SIMPLE = Map.ofEntries(
            Map.entry(DataType.Simple.BOOLEAN, "BOOLEAN"),
            Map.entry(DataType.Simple.TINYINT, "TINYINT"),
            Map.entry(DataType.Simple.SMALLINT, "SMALLINT"),
            Map.entry(DataType.Simple.INT, "INTEGER"),
            Map.entry(DataType.Simple.BIGINT, "BIGINT"),
            Map.entry(DataType.Simple.FLOAT, "FLOAT"),
            Map.entry(DataType.Simple.DOUBLE, "DOUBLE"),
            Map.entry(DataType.Simple.STRING, "VARCHAR"),
            Map.entry(DataType.Simple.BINARY, "BLOB"),
            Map.entry(DataType.Simple.DATE, "DATE"),
            Map.entry(DataType.Simple.TIMESTAMP, "TIMESTAMP WITH TIME ZONE"),
            Map.entry(DataType.Simple.TIMESTAMP_NTZ, "TIMESTAMP"));
    private static final Map<String, DataType.Simple> BY_NAME =
            SIMPLE.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private DuckDbTypes() {}

    /** DuckDB's name of the type, as DuckDB itself would print it. */
    public static String sqlType(DataType type) {
        if (type instanceof DataType.Simple) {
            return SIMPLE.get(type);
        }
        if (type instanceof DataType.Array array) {
            return sqlType(array.element()) + "[]";
        }
        if (type instanceof DataType.MapOf map) {
            return "MAP(" + sqlType(map.key()) + ", " + sqlType(map.value()) + ")";
        }
        if (type instanceof DataType.Struct struct) {
            return struct.fields().stream()
                    .map(field -> Sql.identifier(field.name()) + " " + sqlType(field.type()))
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
        return type.toString();
    }

    /** The type that DuckDB calls {@code name}; empty when Delta has none like it (HUGEINT, TIME, UUID ...). */
    public static Optional<DataType> parse(String name) {
        return new Parser(name).whole();
    }

    /** Reads one type after the other; an unknown one makes the whole unknown. */
    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Optional<DataType> whole() {
            return type().filter(type -> at == text.length());
        }

        private Optional<DataType> type() {
            Optional<DataType> type = scalarOrNested();
            while (type.isPresent() && skip("[]")) {
                type = type.map(DataType.Array::new);
            }
            return type;
        }

        private Optional<DataType> scalarOrNested() {
            if (skip("DECIMAL(")) {
                return decimal();
            }
            if (skip("STRUCT(")) {
                return struct();
            }
            if (skip("MAP(")) {
                return map();
            }
            String word = word();
            return word.equals("JSON") ? Optional.of(DataType.Simple.STRING) : Optional.ofNullable(BY_NAME.get(word));
        }

        private Optional<DataType> decimal() {
            int comma = text.indexOf(',', at);
            int end = text.indexOf(')', at);
            DataType type = new DataType.Decimal(
                    Integer.parseInt(text.substring(at, comma)), Integer.parseInt(text.substring(comma + 1, end)));
            at = end + 1;
            return Optional.of(type);
        }

        private Optional<DataType> map() {
            Optional<DataType> key = type();
            if (key.isEmpty() || !skip(", ")) {
                return Optional.empty();
            }
            Optional<DataType> value = type();
            return skip(")") ? value.map(type -> new DataType.MapOf(key.get(), type)) : Optional.empty();
        }

        private Optional<DataType> struct() {
            List<Column> fields = new ArrayList<>();
            do {
                String name = fieldName();
                Optional<DataType> type = skip(" ") ? type() : Optional.empty();
                if (type.isEmpty()) {
                    return Optional.empty();
                }
                fields.add(new Column(name, type.get()));
            } while (skip(", "));
            return skip(")") ? Optional.of(new DataType.Struct(fields)) : Optional.empty();
        }

        private String fieldName() {
            if (!skip("\"")) {
                int start = at;
                at = text.indexOf(' ', at);
                return text.substring(start, at);
            }
            StringBuilder name = new StringBuilder();
            while (true) {
                char letter = text.charAt(at++);
                if (letter == '"' && !skip("\"")) {
                    return name.toString();
                }
                name.append(letter);
            }
        }

        /** Letters and spaces, as in TIMESTAMP WITH TIME ZONE, and the underscores and digits of types without a match. */
        private String word() {
            int start = at;
            while (at < text.length()
                    && (Character.isLetterOrDigit(text.charAt(at)) || " _".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            return text.substring(start, at);
        }

        private boolean skip(String expected) {
            boolean found = text.startsWith(expected, at);
            at += found ? expected.length() : 0;
            return found;
        }
    }
}
