package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import io.delta.kernel.internal.actions.AddFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keys of which the rows are looked for in a table.
 *
 * @param columns the keys' columns
 * @param from a FROM-expression over rows that have them
 */
record SoughtKeys(Session session, List<Column> columns, String from) {

    SoughtKeys {
        columns = List.copyOf(columns);
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** The keys' least and greatest values. There is at least one key. */
    Map<String, ColumnRange> ranges() {
        Map<String, ColumnRange> ranges = new HashMap<>();
        for (Column key : columns) {
            OrderedValues values = new OrderedValues(key.type());
            if (values.areOrdered()) {
                String sql = values.sql(Sql.identifier(key.name()));
                ranges.put(
                        key.name(),
                        session.query(
                                        "SELECT min(" + sql + "), max(" + sql + ") FROM " + from,
                                        row -> new ColumnRange(values, values.read(row, 1), values.read(row, 2)))
                                .get(0));
            }
        }
        return ranges;
    }

    /** Those of the files that may hold one of the keys, by what the log tells of each. */
    List<AddFile> among(List<AddFile> files) {
        List<AddFile> left = files;
        for (Column key : columns) {
            OrderedValues values = new OrderedValues(key.type());
            if (values.areOrdered() && left.size() > 1) {
                left = among(left, key.name(), values);
            }
        }
        return left;
    }

    private List<AddFile> among(List<AddFile> files, String key, OrderedValues values) {
        Set<Integer> wanted = new HashSet<>();
        List<String> bounds = new ArrayList<>();
        for (int file = 0; file < files.size(); file++) {
            Optional<ColumnRange> range = FileBounds.of(files.get(file)).range(key, values);
            if (range.isEmpty()) {
                wanted.add(file);
            } else {
                bounds.add("(" + file + ", " + values.literal(range.get().low()) + ", "
                        + values.literal(range.get().high()) + ")");
            }
        }
        if (!bounds.isEmpty()) {
            wanted.addAll(session.query(
                    "SELECT DISTINCT f.file FROM (VALUES " + String.join(", ", bounds)
                            + ") f(file, low, high) JOIN (SELECT DISTINCT " + values.sql(Sql.identifier(key))
                            + " AS k FROM " + from + ") s ON s.k BETWEEN f.low AND f.high",
                    row -> row.getInt(1)));
        }
        List<AddFile> left = new ArrayList<>();
        wanted.stream().sorted().forEach(file -> left.add(files.get(file)));
        return left;
    }
}
