package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether Parquet files hold columns as a table has them. DuckDB casts what it finds, so that a text with digits would be
 * read as a number, and a fraction be rounded, without anybody knowing.
 */
final class FileTypes {

    private static final List<Simple> INTEGERS = List.of(Simple.TINYINT, Simple.SMALLINT, Simple.INT, Simple.BIGINT);
    private static final Set<Set<Simple>> ALIKE = Set.of(
            // Texts without a mark of being one.
            Set.of(Simple.STRING, Simple.BINARY),
            // INT96, which has no mark of its zone.
            Set.of(Simple.TIMESTAMP, Simple.TIMESTAMP_NTZ));
    private static final Map<Simple, Set<Simple>> WIDER = Map.of(
            Simple.FLOAT, Set.of(Simple.DOUBLE),
            Simple.INT, Set.of(Simple.DOUBLE),
            Simple.SMALLINT, Set.of(Simple.DOUBLE, Simple.FLOAT),
            Simple.TINYINT, Set.of(Simple.DOUBLE, Simple.FLOAT),
            Simple.DATE, Set.of(Simple.TIMESTAMP_NTZ));

    private FileTypes() {}

    /** A column of another type, in one of the files. */
    record Mismatch(String file, String column, DataType inFile, DataType inTable) {}

    private record Schema(String file, List<String> columns) {}

    /**
     * The first column that a file holds by a type whose values the table's type cannot hold.
     *
     * @param columns the table's, by their names in the files
     */
    static Optional<Mismatch> mismatch(Session session, Collection<Path> files, List<Column> columns) {
        // Files of one table are mostly alike: their schemas are compared as texts, and few come out.
        List<Schema> schemas = session.query(
                "SELECT min(file_name), columns FROM (SELECT file_name, list(coalesce(num_children, 0) || ' '"
                        + " || coalesce(duckdb_type, '') || chr(10) || name ORDER BY column_id) AS columns FROM parquet_schema("
                        + FilePattern.list(files) + ") GROUP BY file_name) GROUP BY columns",
                row -> new Schema(
                        row.getString(1),
                        List.of((Object[]) row.getArray(2).getArray()).stream()
                                .map(Object::toString)
                                .toList()));
        return schemas.stream()
                .flatMap(schema -> mismatch(schema, columns).stream())
                .findFirst();
    }

    private static Optional<Mismatch> mismatch(Schema schema, List<Column> columns) {
        int at = 1;
        while (at < schema.columns.size()) {
            String column = schema.columns.get(at);
            String name = column.substring(column.indexOf('\n') + 1);
            Optional<DataType> type =
                    DuckDbTypes.parse(column.substring(column.indexOf(' ') + 1, column.indexOf('\n')));
            for (Column expected : columns) {
                if (type.isPresent() && expected.name().equalsIgnoreCase(name) && !holds(expected.type(), type.get())) {
                    return Optional.of(new Mismatch(schema.file, expected.name(), type.get(), expected.type()));
                }
            }
            at = after(schema.columns, at);
        }
        return Optional.empty();
    }

    /** Where the next column begins, the fields of the one at {@code at} passed over. */
    private static int after(List<String> columns, int at) {
        int children =
                Integer.parseInt(columns.get(at).substring(0, columns.get(at).indexOf(' ')));
        int next = at + 1;
        for (int child = 0; child < children; child++) {
            next = after(columns, next);
        }
        return next;
    }

    /** Whether every value of type {@code file} is one of type {@code table}, or is refused when it is read. */
    static boolean holds(DataType table, DataType file) {
        if (table.equals(file)) {
            return true;
        }
        if (table instanceof DataType.Struct wanted && file instanceof DataType.Struct found) {
            return holds(wanted, found);
        }
        if (table instanceof DataType.Array wanted && file instanceof DataType.Array found) {
            return holds(wanted.element(), found.element());
        }
        if (table instanceof DataType.MapOf wanted && file instanceof DataType.MapOf found) {
            return holds(wanted.key(), found.key()) && holds(wanted.value(), found.value());
        }
        if (table instanceof DataType.Decimal wanted) {
            return file instanceof DataType.Decimal found
                    ? found.scale() <= wanted.scale()
                    : file instanceof Simple simple && INTEGERS.contains(simple);
        }
        return table instanceof Simple wanted && file instanceof Simple found && holds(wanted, found);
    }

    private static boolean holds(Simple table, Simple file) {
        return INTEGERS.contains(table) && INTEGERS.contains(file)
                || ALIKE.contains(Set.of(table, file))
                || WIDER.getOrDefault(file, Set.of()).contains(table);
    }

    private static boolean holds(DataType.Struct table, DataType.Struct file) {
        return table.fields().stream().allMatch(wanted -> file.fields().stream()
                .filter(found -> found.name().equalsIgnoreCase(wanted.name()))
                .allMatch(found -> holds(wanted.type(), found.type())));
    }
}
