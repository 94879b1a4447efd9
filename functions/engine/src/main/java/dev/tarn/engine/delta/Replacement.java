package dev.tarn.engine.delta;

import static java.util.stream.Collectors.joining;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Plans to put a query's rows in place of those that a table has. */
final class Replacement {

    /** How much more memory rows take than their files, when each is kept once: by what was measured, and more. */
    private static final int EXPANSION = 6;

    /** How many times a row is there more often than before, negative for less. */
    private static final String TIMES = Sql.identifier("_tarn_times");

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;

    Replacement(DeltaTables lake, Session session, TableSnapshot base) {
        this.lake = lake;
        this.session = session;
        this.base = base;
    }

    TableChange whole(String sql, NewColumns columns) {
        Features.checkRowsMayGo(base.table(), base.kernel());
        TableChangeBuilder change = new TableChangeBuilder(lake, base, "WRITE").reads(ReadScope.WHOLE_TABLE);
        String rows = SchemaEvolution.evolve(change, session, sql, columns);
        try (StagedRows staged = new DataFileWriter(lake, session, base, change.schema()).stage(rows)) {
            Optional<String> before = rowsBefore(change.schema());
            if (before.isEmpty()) {
                return anew(change, staged, new RowCounts(staged.rows(), 0, 0));
            }
            return base.files().isEmpty() ? allNew(change, staged) : differing(change, staged, before.get());
        } catch (RuntimeException e) {
            change.discard(e);
            throw e;
        }
    }

    /** A FROM-expression over the table's rows; empty when they cannot be read here, and so not be compared. */
    private Optional<String> rowsBefore(StructType schema) {
        try {
            return Optional.of(base.scan(session, schema));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.TABLE_FEATURE_UNSUPPORTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static TableChange allNew(TableChangeBuilder change, StagedRows staged) {
        change.add(staged.move());
        return change.rows(staged.rows(), new RowCounts(staged.rows(), 0, 0)).build();
    }

    /** @param before a FROM-expression over the table's rows */
    private TableChange differing(TableChangeBuilder change, StagedRows staged, String before) {
        Optional<Spool> compared = compared(change.schema(), staged, before);
        if (compared.isPresent()) {
            try (Spool difference = compared.get()) {
                return different(change, staged, difference.from());
            }
        }
        // What is too large to be compared row by row is too large to be told row by row.
        return fingerprint(change.schema(), staged.scan()).equals(fingerprint(change.schema(), before))
                ? change.rows(staged.rows(), RowCounts.NONE).build()
                : anew(change, staged, new RowCounts(staged.rows(), 0, base.numRecords()));
    }

    /** The rows that differ, and how often; empty when comparing them takes more memory and disk than there is. */
    private Optional<Spool> compared(StructType schema, StagedRows staged, String before) {
        Budget budget = lake.duckDb().budget();
        long bytes =
                staged.bytes() + base.files().stream().mapToLong(DataFile::size).sum();
        if (bytes > (budget.duckdbMemoryBytes() + budget.spillBytes()) / EXPANSION) {
            return Optional.empty();
        }
        String columns = Sql.identifiers(schema.fieldNames());
        try {
            return Optional.of(Spool.of(
                    session,
                    "SELECT " + columns + ", sum(" + TIMES + ")::BIGINT AS " + TIMES + " FROM (SELECT " + columns
                            + ", 1 AS "
                            + TIMES + " FROM "
                            + staged.scan() + " UNION ALL SELECT " + columns + ", -1 FROM "
                            + before + ") GROUP BY " + columns + " HAVING sum(" + TIMES
                            + ") <> 0"));
        } catch (SqlFailedException e) {
            if (e.isOutOfMemory()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Of rows in any order: their number, and two sums of hashes that different rows have in common by no accident. */
    private List<String> fingerprint(StructType schema, String from) {
        String columns = Sql.identifiers(schema.fieldNames());
        return session.query(
                "SELECT concat_ws(' ', count(*), sum(hash(" + columns + ")), bit_xor(hash('second', " + columns
                        + "))) FROM " + from,
                row -> row.getString(1));
    }

    /** @param from a FROM-expression over the rows that differ, and how often */
    private RowCounts difference(String from) {
        return session.query(
                        "SELECT coalesce(sum(" + TIMES + ") FILTER (WHERE " + TIMES + " > 0), 0), coalesce(-sum("
                                + TIMES + ") FILTER (WHERE " + TIMES + " < 0), 0) FROM " + from,
                        row -> new RowCounts(row.getLong(1), 0, row.getLong(2)))
                .get(0);
    }

    private TableChange different(TableChangeBuilder change, StagedRows staged, String from) {
        RowCounts difference = difference(from);
        if (difference.isNothing()) {
            return change.rows(staged.rows(), difference).build();
        }
        long bytes = base.files().stream().mapToLong(DataFile::size).sum();
        long touched = difference.inserted() + difference.deleted();
        boolean fewChanged = touched <= lake.policy().replaceAboveShare() * Math.max(staged.rows(), base.numRecords());
        if (fewChanged && bytes >= lake.policy().copyBelowBytes()) {
            return inPart(change, staged, difference, from);
        }
        tell(change, difference, from);
        return anew(change, staged, difference);
    }

    /** New files for all rows; a table of a few megabytes is written faster than it is mended. */
    private TableChange anew(TableChangeBuilder change, StagedRows staged, RowCounts difference) {
        base.forEachFile(change::remove);
        change.add(staged.move());
        return counted(change.rows(staged.rows(), difference));
    }

    /** Without this the feed of changes would say that every row was deleted and inserted. */
    private void tell(TableChangeBuilder change, RowCounts difference, String from) {
        if (!ChangeRows.areKept(base)) {
            return;
        }
        ChangeRows changes = new ChangeRows();
        if (difference.deleted() > 0) {
            changes.add(ChangeRows.DELETE, rows(change.schema(), "-" + TIMES, from), difference.deleted());
        }
        if (difference.inserted() > 0) {
            changes.add(ChangeRows.INSERT, rows(change.schema(), TIMES, from), difference.inserted());
        }
        change.addChangeFiles(
                new DataFileWriter(lake, session, base, change.schema()).writeChanges(changes.sql(), changes.rows()));
    }

    /** The rows of the difference, each as often as {@code times} says when that is positive. */
    private static String rows(StructType schema, String times, String from) {
        String columns = Sql.identifiers(schema.fieldNames());
        return "SELECT " + columns + " FROM (SELECT " + columns + ", unnest(range(" + times + ")) FROM " + from
                + " WHERE " + times + " > 0)";
    }

    private TableChange inPart(TableChangeBuilder change, StagedRows staged, RowCounts difference, String from) {
        List<AddFile> files = new ArrayList<>();
        base.forEachFile(files::add);
        PositionedFiles scanned = PositionedFiles.of(lake, session, change, files);
        try (TouchedRows rows =
                TouchedRows.of(session, change.schema(), false, superfluous(change.schema(), scanned, from))) {
            FileRewriter rewriter = new FileRewriter(lake, session, change);
            rewriter.rewrite(rows, scanned.files());
            change.add(rewriter.writer().write(rows(change.schema(), TIMES, from), difference.inserted()));
            tell(change, difference, from);
        }
        return counted(change.rows(staged.rows(), difference));
    }

    private static TableChange counted(TableChangeBuilder change) {
        return change.metric("numFiles", change.filesAdded())
                .metric("numRemovedFiles", change.filesRemoved())
                .build();
    }

    /** As many of the rows that are there too often as are too many; which of equal rows does not matter. */
    private static String superfluous(StructType schema, PositionedFiles scanned, String from) {
        String same = IntStream.range(0, schema.length())
                .mapToObj(i -> Sql.identifier(schema.at(i).getName()))
                .map(name -> "t." + name + " IS NOT DISTINCT FROM d." + name)
                .collect(joining(" AND "));
        return "SELECT " + ScanSql.FILE + ", " + ScanSql.POSITION + ", 3 AS " + TouchedRows.ACTION
                + ", o.* FROM (SELECT t."
                + ScanSql.FILE + ", t." + ScanSql.POSITION + ", d." + TIMES
                + ", row_number() OVER (PARTITION BY d." + MergeSource.NUMBER + ") AS k, "
                + "struct_pack(" + packed(schema) + ") AS o FROM " + scanned.sql()
                + " t JOIN (SELECT *, row_number() OVER () AS " + MergeSource.NUMBER + " FROM " + from
                + " WHERE " + TIMES + " < 0)"
                + " d ON " + same + ") WHERE k <= -" + TIMES;
    }

    private static String packed(StructType schema) {
        return IntStream.range(0, schema.length())
                .mapToObj(i -> TouchedRows.before(i) + " := t."
                        + Sql.identifier(schema.at(i).getName()))
                .collect(joining(", "));
    }

    TableChange where(RowFilter filter, String sql, NewColumns columns) {
        TableChangeBuilder change = new TableChangeBuilder(lake, base, "WRITE");
        String rows = SchemaEvolution.evolve(change, session, sql, columns);
        try (StagedRows staged = new DataFileWriter(lake, session, base, change.schema()).stage(rows)) {
            checkWithin(filter, staged);
            RowCounts counts = new Deletion(lake, session, base)
                    .delete(change, filter, "SELECT * FROM " + staged.scan(), staged.rows());
            change.add(staged.move());
            return counted(change.rows(staged.rows(), counts));
        } catch (RuntimeException e) {
            change.discard(e);
            throw e;
        }
    }

    private void checkWithin(RowFilter filter, StagedRows staged) {
        long outside = session.query(
                        "SELECT count(*) FROM " + staged.scan() + " WHERE (" + filter.sql() + ") IS NOT TRUE",
                        row -> row.getLong(1))
                .get(0);
        if (outside > 0) {
            throw new TarnException(
                    ErrorCode.ROWS_OUTSIDE,
                    outside + " of " + staged.rows() + " rows that are to replace a part of " + base.table()
                            + " are not of that part: not true that " + filter.sql() + ".",
                    "Let the query yield rows of that part only, or replace a larger part.");
        }
    }
}
