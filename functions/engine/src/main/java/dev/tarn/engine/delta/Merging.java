package dev.tarn.engine.delta;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans a merge: finds the rows with the source's keys, then rewrites the files they are in. */
final class Merging {

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;
    private final Merge merge;
    private final @Nullable FoundRows found;

    /** @param found all rows with the source's keys, where they are known */
    Merging(DeltaTables lake, Session session, TableSnapshot base, Merge merge, @Nullable FoundRows found) {
        this.found = found;
        this.lake = lake;
        this.session = session;
        this.base = base;
        this.merge = merge;
    }

    TableChange change() {
        try (MergeSource source = MergeSource.of(session, base, merge)) {
            TableChangeBuilder change = new TableChangeBuilder(lake, base, "MERGE");
            evolve(source, change);
            ReadScope scope = source.rows() == 0
                    ? ReadScope.NOTHING
                    : ReadScope.within(source.sought().ranges());
            change.reads(scope);
            try {
                return planned(source, scope, change);
            } catch (RuntimeException e) {
                change.discard(e);
                throw e;
            }
        }
    }

    /** Gives the table what the source has beyond its columns when that is to be added, and refuses it else. */
    private void evolve(MergeSource source, TableChangeBuilder change) {
        if (!merge.addsColumns()) {
            source.columns().forEach(this::checkFits);
            return;
        }
        Map<String, Column> given = new LinkedHashMap<>();
        source.columns().forEach(column -> given.put(column.name().toLowerCase(Locale.ROOT), column));
        List<Column> wanted = new ArrayList<>();
        for (Column column : base.schema().columns()) {
            Column ofSource = given.remove(column.name().toLowerCase(Locale.ROOT));
            wanted.add(ofSource == null ? column : ofSource);
        }
        wanted.addAll(given.values());
        SchemaEvolution.evolve(change, new TableSchema(wanted));
    }

    private void checkFits(Column column) {
        Optional<Column> found = base.schema().column(column.name());
        boolean fits = found.filter(inTable -> inTable.name().equals(column.name()))
                .filter(inTable ->
                        inTable.type().toString().equals(column.type().toString()))
                .isPresent();
        if (!fits) {
            throw new TarnException(
                    ErrorCode.SCHEMA_CHANGED,
                    base.table()
                            + found.map(inTable -> " has " + inTable.name() + " as " + inTable.type())
                                    .orElse(" has no column " + column.name())
                            + "; the rows to merge have "
                            + (found.isEmpty() || found.get().name().equals(column.name()) ? "it" : column.name())
                            + " as " + column.type() + ".",
                    "Cast the column in the query, leave it out, or let the merge add columns.");
        }
    }

    private TableChange planned(MergeSource source, ReadScope scope, TableChangeBuilder change) {
        PositionedFiles scanned = found != null
                ? found.files(change)
                : PositionedFiles.of(lake, session, change, source.sought().among(base.filesWithin(scope)));
        try (TouchedRows rows =
                TouchedRows.of(session, change.schema(), true, matched(change.schema(), scanned, source))) {
            change.reads(scope.and(rows.filesKept().stream()
                    .map(local -> scanned.files().get(local).getPath())
                    .collect(toSet())));
            FileRewriter rewriter = new FileRewriter(lake, session, change);
            rewriter.rewrite(rows, scanned.files());
            return written(source, change, rows, rewriter);
        }
    }

    private TableChange written(
            MergeSource source, TableChangeBuilder change, TouchedRows rows, FileRewriter rewriter) {
        String inserted = inserted(change.schema(), source);
        RowCounts touched = rows.counts();
        long inserts = merge.updatesOnly()
                ? 0
                : session.query("SELECT count(*) FROM (" + inserted + ")", row -> row.getLong(1))
                        .get(0);
        RowCounts counts = new RowCounts(inserts, touched.updated(), touched.deleted());
        change.add(rewriter.writer()
                .write(rows.leaving(rewriter.hidden()) + " UNION ALL " + inserted, inserts + touched.updated()));
        if (ChangeRows.areKept(base) && (counts.updated() > 0 || counts.deleted() > 0)) {
            ChangeRows changes = new ChangeRows();
            rows.tell(changes, counts);
            if (inserts > 0) {
                changes.add(ChangeRows.INSERT, inserted, inserts);
            }
            change.addChangeFiles(rewriter.writer().writeChanges(changes.sql(), changes.rows()));
        }
        return change.rows(source.rows(), counts)
                .metric("numSourceRows", source.rows())
                .metric("numTargetRowsInserted", counts.inserted())
                .metric("numTargetRowsUpdated", counts.updated())
                .metric("numTargetRowsDeleted", counts.deleted())
                .metric("numTargetFilesAdded", change.filesAdded())
                .metric("numTargetFilesRemoved", change.filesRemoved())
                .metric("numTargetFilesCopied", rewriter.copied())
                .metric("numTargetDeletionVectorsAdded", rewriter.vectors())
                .build();
    }

    /** Every row of the scanned files whose key the source has, and what becomes of it. */
    private String matched(StructType schema, PositionedFiles scanned, MergeSource source) {
        Map<String, String> updated = updated(schema, source);
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        List<String> same = new ArrayList<>(List.of("TRUE"));
        List<String> stays = new ArrayList<>(List.of("TRUE"));
        for (int column = 0; column < schema.length(); column++) {
            String name = schema.at(column).getName();
            String old = "t." + Sql.identifier(name);
            before.add(old + " AS " + TouchedRows.before(column));
            after.add(updated.getOrDefault(name, old) + " AS " + TouchedRows.after(column));
            if (updated.containsKey(name)) {
                String unchanged = TouchedRows.before(column) + " IS NOT DISTINCT FROM " + TouchedRows.after(column);
                (base.partitionBy().contains(name) ? stays : same).add(unchanged);
            }
        }
        String keys = merge.keys().stream()
                .map(key -> "t." + Sql.identifier(key) + " = s." + Sql.identifier(key))
                .collect(joining(" AND "));
        return "SELECT * EXCLUDE (d, u), CASE WHEN d THEN 3 WHEN NOT u THEN 0 WHEN NOT (" + String.join(" AND ", stays)
                + ") THEN 2 WHEN " + String.join(" AND ", same) + " THEN 0 ELSE 1 END AS " + TouchedRows.ACTION
                + " FROM (SELECT t." + ScanSql.FILE + ", t." + ScanSql.POSITION + ", s." + MergeSource.NUMBER
                + ", coalesce(" + merge.deleteWhen() + ", FALSE) AS d, coalesce(" + merge.updateWhen()
                + ", FALSE) AS u, " + String.join(", ", before) + ", " + String.join(", ", after) + " FROM "
                + among(scanned, source) + " t JOIN " + source.from() + " s ON " + keys + ")";
    }

    /**
     * A FROM-expression over the rows whose keys the source has. Where they are few, their places are looked up by their
     * keys first, so that of all other rows only the keys are read.
     */
    private String among(PositionedFiles scanned, MergeSource source) {
        if (found != null) {
            return found.positioned(scanned);
        }
        String matching = scanned.matching(merge.keys(), source.from());
        return source.rows() > PositionedFiles.FEW_ROWS || source.rows() == 0
                ? matching
                : scanned.at(matching).orElse(matching);
    }

    /** What an update sets, by column. */
    private Map<String, String> updated(StructType schema, MergeSource source) {
        Map<String, String> updated = new HashMap<>();
        for (Column column : source.columns()) {
            if (!merge.keys().contains(column.name())) {
                updated.put(column.name(), ofSource(column, schema));
            }
        }
        merge.assignments().forEach((name, expression) -> {
            int column = schema.indexOf(name);
            if (column < 0) {
                throw new IllegalArgumentException(base.table() + " has no column " + name + " to set");
            }
            updated.put(name, "CAST(" + expression + " AS " + TouchedRows.sqlType(schema.at(column)) + ")");
        });
        return updated;
    }

    /** A value of the source as the table has it: fields that a struct of the table gets may stand elsewhere in it. */
    private static String ofSource(Column column, StructType schema) {
        StructField field = schema.get(column.name());
        String value = "s." + Sql.identifier(column.name());
        return KernelTypes.fromKernel(field.getDataType())
                        .toString()
                        .equals(column.type().toString())
                ? value
                : "CAST(" + value + " AS " + TouchedRows.sqlType(field) + ")";
    }

    private String inserted(StructType schema, MergeSource source) {
        Map<String, String> given =
                source.columns().stream().collect(toMap(Column::name, column -> ofSource(column, schema)));
        String columns = schema.fields().stream()
                .map(field -> given.getOrDefault(field.getName(), "CAST(NULL AS " + TouchedRows.sqlType(field) + ")")
                        + " AS " + Sql.identifier(field.getName()))
                .collect(joining(", "));
        String which = merge.updatesOnly()
                ? "FALSE"
                : "NOT coalesce(" + merge.deleteWhen() + ", FALSE) AND "
                        + TouchedRows.notMatched("s." + MergeSource.NUMBER);
        return "SELECT " + columns + " FROM " + source.from() + " s WHERE " + which;
    }
}
