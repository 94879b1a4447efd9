package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.actions.AddFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows to merge, checked and kept on disk, each with a number. */
final class MergeSource implements AutoCloseable {

    static final String NUMBER = Sql.identifier("_tarn_number");

    private static final Set<Simple> NO_KEYS = Set.of(Simple.FLOAT, Simple.DOUBLE);

    private final Session session;
    private final TableLocation table;
    private final Merge merge;
    private final TableSchema schema;
    private final Spool spool;

    private MergeSource(Session session, TableLocation table, Merge merge, TableSchema schema, Spool spool) {
        this.session = session;
        this.table = table;
        this.merge = merge;
        this.schema = schema;
        this.spool = spool;
    }

    /** Refuses with MERGE_KEYS_INVALID, and with SCHEMA_CHANGED columns that do not fit. */
    static MergeSource of(Session session, TableSnapshot base, Merge merge) {
        TableSchema schema = session.describe(merge.source());
        checkKeys(base, merge, schema);
        Spool spool =
                Spool.of(session, "SELECT *, row_number() OVER () AS " + NUMBER + " FROM (" + merge.source() + ")");
        MergeSource source = new MergeSource(session, base.table(), merge, schema, spool);
        try {
            source.checkKeyValues();
            return source;
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static void checkKeys(TableSnapshot base, Merge merge, TableSchema source) {
        for (String key : merge.keys()) {
            Optional<Column> inTable = base.schema().column(key);
            Optional<Column> inSource = source.column(key);
            if (inTable.isEmpty() || inSource.isEmpty()) {
                throw invalid(
                        base.table(),
                        "by " + key + ", which " + (inTable.isEmpty() ? "the table" : "the query") + " does not have",
                        "Merge by columns that both have.");
            }
            DataType type = inTable.get().type();
            if (!canBeKey(type)) {
                throw invalid(
                        base.table(),
                        "by " + key + ", which is a " + type,
                        "Merge by columns of whole numbers, decimals, texts, dates or timestamps.");
            }
        }
    }

    /** A struct can be one when all its parts can. */
    private static boolean canBeKey(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return struct.fields().stream().allMatch(part -> canBeKey(part.type()));
        }
        return type instanceof DataType.Decimal || (type instanceof Simple simple && !NO_KEYS.contains(simple));
    }

    private void checkKeyValues() {
        String keys = Sql.identifiers(merge.keys());
        String isNull = merge.keys().stream()
                .map(key -> Sql.identifier(key) + " IS NULL")
                .collect(Collectors.joining(" OR "));
        long nulls = session.query("SELECT count(*) FROM " + from() + " WHERE " + isNull, row -> row.getLong(1))
                .get(0);
        if (nulls > 0) {
            throw invalid(
                    table,
                    "by " + String.join(", ", merge.keys()) + ": " + nulls + " of " + rows() + " rows have no key",
                    "Leave rows out of which a key is NULL.");
        }
        long twice = session.query(
                        "SELECT count(*) FROM (SELECT 1 FROM " + from() + " GROUP BY " + keys + " HAVING count(*) > 1)",
                        row -> row.getLong(1))
                .get(0);
        if (twice > 0) {
            throw invalid(
                    table,
                    "by " + String.join(", ", merge.keys()) + ": " + twice + " keys occur more than once in " + rows()
                            + " rows, so which row is meant cannot be told",
                    "Keep one row of each key: QUALIFY row_number() OVER (PARTITION BY "
                            + String.join(", ", merge.keys()) + " ORDER BY ... DESC) = 1.");
        }
    }

    private static TarnException invalid(TableLocation table, String why, String mend) {
        return new TarnException(
                ErrorCode.MERGE_KEYS_INVALID, "Rows cannot be merged into " + table + " " + why + ".", mend);
    }

    long rows() {
        return spool.rows();
    }

    /** A FROM-expression over the rows, with their numbers. */
    String from() {
        return spool.from();
    }

    /** A FROM-expression over those rows of the table whose keys the source has. */
    String matching(String table) {
        return KeyFilter.of(table, merge.keys(), from());
    }

    /** Columns that are written, in the source's order. */
    List<Column> columns() {
        return schema.columns().stream()
                .filter(column -> !merge.steering().contains(column.name()))
                .toList();
    }

    /** The keys' least and greatest values. */
    Map<String, ColumnRange> ranges() {
        Map<String, ColumnRange> ranges = new HashMap<>();
        for (String key : merge.keys()) {
            OrderedValues values =
                    new OrderedValues(schema.column(key).orElseThrow().type());
            if (values.areOrdered() && rows() > 0) {
                String sql = values.sql(Sql.identifier(key));
                ranges.put(
                        key,
                        session.query(
                                        "SELECT min(" + sql + "), max(" + sql + ") FROM " + from(),
                                        row -> new ColumnRange(values, values.read(row, 1), values.read(row, 2)))
                                .get(0));
            }
        }
        return ranges;
    }

    /** Those of the files that may hold one of the keys, by what the log tells of each. */
    List<AddFile> among(List<AddFile> files) {
        List<AddFile> left = files;
        for (String key : merge.keys()) {
            OrderedValues values =
                    new OrderedValues(schema.column(key).orElseThrow().type());
            if (values.areOrdered() && left.size() > 1) {
                left = among(left, key, values);
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
                            + " AS k FROM " + from() + ") s ON s.k BETWEEN f.low AND f.high",
                    row -> row.getInt(1)));
        }
        List<AddFile> left = new ArrayList<>();
        wanted.stream().sorted().forEach(file -> left.add(files.get(file)));
        return left;
    }

    @Override
    public void close() {
        spool.close();
    }
}
