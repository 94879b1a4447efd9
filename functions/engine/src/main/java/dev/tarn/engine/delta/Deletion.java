package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.DataType;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.types.StructType;
import java.util.HashMap;
import java.util.Map;

/** Plans to take rows away. */
final class Deletion {

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;

    Deletion(DeltaTables lake, Session session, TableSnapshot base) {
        this.lake = lake;
        this.session = session;
        this.base = base;
    }

    TableChange of(RowFilter filter) {
        TableChangeBuilder change = new TableChangeBuilder(lake, base, "DELETE");
        try {
            RowCounts counts = delete(change, filter, "SELECT 1 WHERE FALSE", 0);
            return change.rows(0, counts)
                    .metric("numDeletedRows", counts.deleted())
                    .metric("numRemovedFiles", change.filesRemoved())
                    .metric("numAddedFiles", change.filesAdded())
                    .build();
        } catch (RuntimeException e) {
            change.discard(e);
            throw e;
        }
    }

    /**
     * Removes and rewrites the files of the rows.
     *
     * @param inserted a query over the rows that the same change inserts, for the feed of changes
     * @param inserts their number
     */
    RowCounts delete(TableChangeBuilder change, RowFilter filter, String inserted, long inserts) {
        ReadScope scope = ReadScope.within(ranges(filter));
        change.reads(scope);
        if (filter.isAll()) {
            base.forEachFile(change::remove);
            return new RowCounts(inserts, 0, base.numRecords());
        }
        PositionedFiles scanned = PositionedFiles.of(lake, session, change, base.filesWithin(scope));
        StructType schema = change.schema();
        String select = "SELECT t." + ScanSql.FILE + ", t." + ScanSql.POSITION + ", 3 AS " + TouchedRows.ACTION + ", "
                + TouchedRows.before(schema, "t") + " FROM " + scanned.sql() + " t WHERE " + filter.sql();
        try (TouchedRows rows = TouchedRows.of(session, schema, false, select)) {
            return rewritten(change, rows, scanned.files(), inserted, inserts);
        }
    }

    private RowCounts rewritten(
            TableChangeBuilder change, TouchedRows rows, Map<String, AddFile> files, String inserted, long inserts) {
        FileRewriter rewriter = new FileRewriter(lake, session, change);
        rewriter.rewrite(rows, files);
        RowCounts counts = new RowCounts(inserts, 0, rows.counts().deleted());
        if (ChangeRows.areKept(base) && counts.deleted() > 0) {
            ChangeRows changes = new ChangeRows();
            rows.tell(changes, counts);
            if (inserts > 0) {
                changes.add(ChangeRows.INSERT, inserted, inserts);
            }
            change.addChangeFiles(rewriter.writer().writeChanges(changes.sql(), changes.rows()));
        }
        return change.filesRemoved() == 0 ? new RowCounts(inserts, 0, 0) : counts;
    }

    /** Between which values rows lie that the filter means, as files' statistics have them. */
    Map<String, ColumnRange> ranges(RowFilter filter) {
        Map<String, ColumnRange> ranges = new HashMap<>();
        filter.bounds().forEach((column, bounds) -> {
            DataType type = base.schema()
                    .column(column)
                    .orElseThrow(() -> new IllegalArgumentException(base.table() + " has no column " + column))
                    .type();
            OrderedValues values = new OrderedValues(type);
            if (values.areOrdered()) {
                String sqlType = TouchedRows.sqlType(base.kernel().getSchema().get(column));
                session.query(
                                "SELECT " + values.sql("CAST(" + bounds.lowSql() + " AS " + sqlType + ")") + ", "
                                        + values.sql("CAST(" + bounds.highSql() + " AS " + sqlType + ")"),
                                row -> new ColumnRange[] {
                                    new ColumnRange(values, values.read(row, 1), values.read(row, 2))
                                })
                        .forEach(range -> ranges.put(column, range[0]));
            }
        });
        return ranges;
    }
}
