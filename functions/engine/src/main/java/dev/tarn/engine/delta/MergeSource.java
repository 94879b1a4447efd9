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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rows to merge, checked and kept on disk, each with a number. */
final class MergeSource implements AutoCloseable {

    private static final String COUNTED = "_tarn_number";

    static final String NUMBER = Sql.identifier(COUNTED);

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
        Spool spool = Spool.of(
                session,
                "SELECT *, row_number() OVER () AS " + NUMBER + " FROM (" + merge.source() + ")",
                new TableSchema(Stream.concat(schema.columns().stream(), Stream.of(new Column(COUNTED, Simple.BIGINT)))
                        .toList()));
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
        long[] wrong = session.query(
                        "SELECT count(*) FILTER (" + isNull + "), (SELECT count(*) FROM (SELECT 1 FROM " + from()
                                + " GROUP BY " + keys + " HAVING count(*) > 1)) FROM " + from(),
                        row -> new long[] {row.getLong(1), row.getLong(2)})
                .get(0);
        long nulls = wrong[0];
        long twice = wrong[1];
        if (nulls > 0) {
            throw invalid(
                    table,
                    "by " + String.join(", ", merge.keys()) + ": " + nulls + " of " + rows() + " rows have no key",
                    "Leave rows out of which a key is NULL.");
        }
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

    /** Columns that are written, in the source's order. */
    List<Column> columns() {
        return schema.columns().stream()
                .filter(column -> !merge.steering().contains(column.name()))
                .toList();
    }

    /** The keys, which are looked for in the table. */
    SoughtKeys sought() {
        return new SoughtKeys(
                session,
                merge.keys().stream()
                        .map(key -> schema.column(key).orElseThrow())
                        .toList(),
                from());
    }

    @Override
    public void close() {
        spool.close();
    }
}
