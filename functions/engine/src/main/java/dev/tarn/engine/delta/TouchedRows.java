package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Sql;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rows of a table that a change updates or deletes, in a temporary table of the session: where each is, what becomes of
 * it, what it was ({@code o0, o1 ...}, one for each column of the table) and what it will be ({@code n0, n1 ...}).
 */
final class TouchedRows implements AutoCloseable {

    static final String ACTION = Sql.identifier("_tarn_action");
    private static final String TABLE = Sql.identifier("_tarn_touched");

    /** What becomes of a row. */
    enum Action {
        /** Nothing: it was looked at only. */
        KEEP,
        UPDATE,
        /** As {@link #UPDATE}, into another partition. */
        MOVE,
        DELETE
    }

    private final Session session;
    private final StructType schema;
    private final boolean updates;

    private TouchedRows(Session session, StructType schema, boolean updates) {
        this.session = session;
        this.schema = schema;
        this.updates = updates;
    }

    /**
     * @param select yields {@link ScanSql#FILE}, {@link ScanSql#POSITION}, {@link #ACTION} as the action's number,
     *     {@link #before()} and, for updates, {@link #after()}
     */
    static TouchedRows of(Session session, StructType schema, boolean updates, String select) {
        session.execute("CREATE OR REPLACE TEMP TABLE " + TABLE + " AS " + select);
        return new TouchedRows(session, schema, updates);
    }

    /** What the columns of {@code alias} are before the change, as a select list. */
    static String before(StructType schema, String alias) {
        return list(schema, i -> alias + "." + Sql.identifier(schema.at(i).getName()) + " AS o" + i);
    }

    /** Name of the column's value before the change. */
    static String before(int column) {
        return "o" + column;
    }

    /** Name of the column's value after the change. */
    static String after(int column) {
        return "n" + column;
    }

    private interface ColumnSql {
        String of(int column);
    }

    private static String list(StructType schema, ColumnSql sql) {
        return IntStream.range(0, schema.length()).mapToObj(sql::of).collect(Collectors.joining(", "));
    }

    /**
     * A file of which rows are touched.
     *
     * @param localPath where it is on this machine
     * @param gone rows that are not in that file afterwards, as they are deleted or moved
     * @param touched all rows that change
     */
    record TouchedFile(String localPath, long gone, long touched) {}

    List<TouchedFile> files() {
        return session.query(
                "SELECT " + ScanSql.FILE + ", count(*) FILTER (WHERE " + ACTION + " > 1), count(*) FROM " + TABLE
                        + " WHERE " + ACTION + " > 0 GROUP BY 1 ORDER BY 1",
                row -> new TouchedFile(row.getString(1), row.getLong(2), row.getLong(3)));
    }

    List<Long> positions(TouchedFile file) {
        return session.query(places(file), row -> row.getLong(1));
    }

    /** A query for the positions of a file's rows that change. */
    String places(TouchedFile file) {
        return "SELECT " + ScanSql.POSITION + " FROM " + TABLE + " WHERE " + in(file);
    }

    private static String in(TouchedFile file) {
        return ScanSql.FILE + " = " + Sql.literal(file.localPath()) + " AND " + ACTION + " > 0";
    }

    /**
     * The rows of a file as they are after the change.
     *
     * @param positioned a FROM-expression over the rows of that file, with their places
     * @param touched a FROM-expression over {@link #places}
     */
    String rewritten(TouchedFile file, String positioned, String touched) {
        String columns = Sql.identifiers(schema.fieldNames());
        String kept = "SELECT " + columns + " FROM " + positioned + " t ANTI JOIN " + touched + " h ON h."
                + ScanSql.POSITION + " = t." + ScanSql.POSITION;
        return updates ? kept + " UNION ALL " + updated(in(file) + " AND " + ACTION + " = 1") : kept;
    }

    /**
     * Rows that are to be written anew, as they will be: those that move to another partition, and those that are updated in
     * {@code files}.
     */
    String leaving(List<TouchedFile> files) {
        String fromFiles = files.isEmpty()
                ? "FALSE"
                : files.stream()
                        .map(file -> Sql.literal(file.localPath()))
                        .collect(Collectors.joining(", ", ScanSql.FILE + " IN (", ")"));
        return updated(ACTION + " = 2 OR " + ACTION + " = 1 AND " + fromFiles);
    }

    private String updated(String where) {
        return "SELECT "
                + list(
                        schema,
                        i -> "n" + i + " AS " + Sql.identifier(schema.at(i).getName())) + " FROM " + TABLE + " WHERE "
                + where;
    }

    /** What the feed of changes tells of these rows. */
    void tell(ChangeRows changes, RowCounts counts) {
        if (counts.updated() > 0) {
            changes.add(ChangeRows.BEFORE_UPDATE, old(ACTION + " IN (1, 2)"), counts.updated());
            changes.add(ChangeRows.AFTER_UPDATE, updated(ACTION + " IN (1, 2)"), counts.updated());
        }
        if (counts.deleted() > 0) {
            changes.add(ChangeRows.DELETE, old(ACTION + " = 3"), counts.deleted());
        }
    }

    private String old(String where) {
        return "SELECT "
                + list(
                        schema,
                        i -> "o" + i + " AS " + Sql.identifier(schema.at(i).getName())) + " FROM " + TABLE + " WHERE "
                + where;
    }

    /** Rows that are updated and deleted. */
    RowCounts counts() {
        return session.query(
                        "SELECT count(*) FILTER (WHERE " + ACTION + " IN (1, 2)), count(*) FILTER (WHERE " + ACTION
                                + " = 3) FROM " + TABLE,
                        row -> new RowCounts(0, row.getLong(1), row.getLong(2)))
                .get(0);
    }

    /** A condition: no row of the table was found for the row that the expression numbers. */
    static String notMatched(String number) {
        return "NOT EXISTS (SELECT 1 FROM " + TABLE + " h WHERE h." + MergeSource.NUMBER + " = " + number + ")";
    }

    /** The column's SQL type. */
    static String sqlType(StructField field) {
        return DuckDbTypes.sqlType(KernelTypes.fromKernel(field.getDataType()));
    }

    @Override
    public void close() {
        session.execute("DROP TABLE IF EXISTS " + TABLE);
    }
}
