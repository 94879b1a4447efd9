package dev.tarn.engine.duckdb;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the name of a type as DuckDB prints it. */
final class TypeParser {

    /**
     * A type that Delta does not have.
     *
     * @param path of where it is in the whole type: {@code .field}, {@code []}, {@code {key}}, {@code {value}}; empty for
     *     the whole
     * @param type without parameters, which may be values
     */
    record Foreign(String path, String type) {}

    /**
     * @param storable the type, with others in place of those that Delta does not have
     * @param foreign those, none when the type can be stored as it is
     */
    record Parsed(DataType storable, List<Foreign> foreign) {}

    private final String text;
    private final Map<String, DataType.Simple> simple;
    private final List<Foreign> foreign = new ArrayList<>();
    private int at;

    private TypeParser(String text, Map<String, DataType.Simple> simple) {
        this.text = text;
        this.simple = simple;
    }

    /** @param simple the types without parameters that Delta has, by DuckDB's names */
    static Parsed parse(String text, Map<String, DataType.Simple> simple) {
        TypeParser parser = new TypeParser(text, simple);
        return new Parsed(parser.type(""), List.copyOf(parser.foreign));
    }

    /** What encloses the type stands behind it, so its path is completed when that was read. */
    private DataType type(String path) {
        int before = foreign.size();
        DataType type = scalarOrNested(path);
        while (at < text.length() && text.charAt(at) == '[') {
            int end = text.indexOf(']', at);
            for (int inner = before; inner < foreign.size(); inner++) {
                Foreign found = foreign.get(inner);
                String rest = found.path.substring(path.length());
                foreign.set(inner, new Foreign(path + "[]" + rest, found.type));
            }
            if (end > at + 1) {
                foreign.add(new Foreign(path, "list of fixed length"));
            }
            at = end + 1;
            type = new DataType.Array(type);
        }
        return type;
    }

    private DataType scalarOrNested(String path) {
        if (skip("DECIMAL(")) {
            return decimal();
        }
        if (skip("STRUCT(")) {
            return struct(path);
        }
        if (skip("MAP(")) {
            DataType key = type(path + "{key}");
            skip(", ");
            DataType value = type(path + "{value}");
            skip(")");
            return new DataType.MapOf(key, value);
        }
        String word = skip("\"NULL\"") ? "NULL" : word();
        if (word.equals("JSON")) {
            return DataType.Simple.STRING;
        }
        DataType.Simple known = simple.get(word);
        if (known != null) {
            return known;
        }
        skipParameters();
        foreign.add(new Foreign(path, word));
        return ForeignType.of(word).storable();
    }

    private DataType decimal() {
        int comma = text.indexOf(',', at);
        int end = text.indexOf(')', at);
        DataType type = new DataType.Decimal(
                Integer.parseInt(text.substring(at, comma)), Integer.parseInt(text.substring(comma + 1, end)));
        at = end + 1;
        return type;
    }

    private DataType struct(String path) {
        List<Column> fields = new ArrayList<>();
        do {
            String name = fieldName();
            skip(" ");
            fields.add(new Column(name, type(path + "." + name)));
        } while (skip(", "));
        skip(")");
        return new DataType.Struct(fields);
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

    /** As of ENUM('a', 'b') and UNION(a INTEGER): up to the bracket that closes, but for those in quotes. */
    private void skipParameters() {
        int open = 0;
        char quote = 0;
        while (at < text.length()) {
            char letter = text.charAt(at);
            if (quote == 0 && open == 0 && letter != '(') {
                return;
            }
            at++;
            if (quote != 0) {
                quote = letter == quote ? 0 : quote;
            } else if (letter == '\'' || letter == '"') {
                quote = letter;
            } else if (letter == '(') {
                open++;
            } else if (letter == ')') {
                open--;
            }
        }
    }

    private boolean skip(String expected) {
        boolean found = text.startsWith(expected, at);
        at += found ? expected.length() : 0;
        return found;
    }
}
