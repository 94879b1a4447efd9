package dev.tarn.local.cli;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A column, or a field of one, that is to be read.
 *
 * @param name the column's name, or names down to the field with points between
 * @param sql that yields the value
 */
record SelectedColumn(String name, String sql, DataType type) {

    /** All columns of the table. */
    static List<SelectedColumn> all(TableSchema schema) {
        return schema.columns().stream()
                .map(column -> new SelectedColumn(column.name(), Sql.identifier(column.name()), column.type()))
                .toList();
    }

    /**
     * The columns that {@code list} names: separated by commas, fields behind points, names with such characters in
     * backticks, whatever their case.
     *
     * @param table for messages
     * @throws TarnException USAGE or COLUMN_NOT_FOUND
     */
    static List<SelectedColumn> named(String list, TableSchema schema, String table) {
        List<SelectedColumn> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (List<String> path : paths(list)) {
            SelectedColumn column = resolve(path, schema, table);
            if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
                throw new TarnException(
                        ErrorCode.USAGE, "--columns names " + column.name() + " twice.", "Name each column once.");
            }
            columns.add(column);
        }
        return columns;
    }

    private static SelectedColumn resolve(List<String> path, TableSchema schema, String table) {
        Column column = schema.column(path.get(0))
                .orElseThrow(() -> unknown(path.get(0), "a column of " + table, schema.names()));
        SelectedColumn selected = new SelectedColumn(column.name(), Sql.identifier(column.name()), column.type());
        for (String name : path.subList(1, path.size())) {
            selected = selected.field(name);
        }
        return selected;
    }

    private SelectedColumn field(String field) {
        if (!(type instanceof DataType.Struct struct)) {
            throw new TarnException(
                    ErrorCode.COLUMN_NOT_FOUND,
                    "--columns names a field of " + name + ", which is " + type + " and has none.",
                    "Name the column alone.");
        }
        Column found = struct.fields().stream()
                .filter(candidate -> candidate.name().equalsIgnoreCase(field))
                .findFirst()
                .orElseThrow(() -> unknown(
                        field,
                        "a field of " + name,
                        struct.fields().stream().map(Column::name).toList()));
        return new SelectedColumn(
                name + "." + found.name(),
                "struct_extract(" + sql + ", " + Sql.literal(found.name()) + ")",
                found.type());
    }

    private static TarnException unknown(String name, String of, List<String> names) {
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                "--columns names " + name + ", which is not " + of + ".",
                Nearest.sentence(name, names, "There is " + String.join(", ", names) + "."));
    }

    private static List<List<String>> paths(String list) {
        List<List<String>> paths = new ArrayList<>();
        List<String> path = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (char letter : (list + ",").toCharArray()) {
            if (letter == '`') {
                quoted = !quoted;
            } else if (quoted || letter != '.' && letter != ',') {
                name.append(letter);
            } else {
                path.add(name(name, list));
                name.setLength(0);
                if (letter == ',') {
                    paths.add(path);
                    path = new ArrayList<>();
                }
            }
        }
        if (quoted) {
            throw unreadable(list);
        }
        return paths;
    }

    private static String name(StringBuilder name, String list) {
        if (name.toString().isBlank()) {
            throw unreadable(list);
        }
        return name.toString().strip();
    }

    private static TarnException unreadable(String list) {
        return new TarnException(
                ErrorCode.USAGE,
                "--columns '" + list + "' is no list of columns.",
                "Separate names by commas, put a point before a field, and backticks around a name with either.");
    }
}
