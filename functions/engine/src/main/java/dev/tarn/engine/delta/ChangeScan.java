package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.model.Column;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query that reads changed rows out of files. All files of a form are one call of {@code read_parquet}: what became of
 * their rows, and in which commit, is joined by file name, and a file that many commits changed is read once.
 */
final class ChangeScan {

    static final String COMMIT_VERSION = "_commit_version";
    static final String COMMIT_TIMESTAMP = "_commit_timestamp";

    /** {@link ChangeRows#CHANGE_TYPE} of a file, under a name that no column of a scan has. */
    private static final String TOLD = "told";

    private final ScanSql scan;

    ChangeScan(ScanSql scan) {
        this.scan = scan;
    }

    private record Form(boolean int96, boolean told, boolean only, boolean hidden) {}

    private record Placed(String localPath, FileChange change) {}

    /**
     * A FROM-expression in parentheses: the table's columns and those three of the change feed.
     *
     * @param columns of the table by which the rows can be read
     */
    String over(List<FileChange> changes, Supplier<Set<String>> columns) throws IOException {
        if (changes.isEmpty()) {
            return scan.noRows(placed("NULL::VARCHAR", "NULL::BIGINT", "NULL::TIMESTAMPTZ"));
        }
        Map<String, LiveFile> stored = new LinkedHashMap<>();
        changes.forEach(change -> stored.putIfAbsent(change.file().file().path(), change.file()));
        Map<String, LiveFile> brought = scan.brought(List.copyOf(stored.values()), () -> names(columns.get()));
        Map<String, String> local = new LinkedHashMap<>();
        brought.forEach((path, file) -> local.put(file.file().path(), path));
        scan.explainFailures(brought, columns);
        Set<String> int96 = scan.withInt96(brought);
        Map<Form, List<Placed>> groups = new LinkedHashMap<>();
        for (FileChange change : changes) {
            String path = local.get(change.file().file().path());
            Form form = new Form(
                    int96.contains(path),
                    change.type() == null,
                    change.only() != null,
                    change.file().deletionVector() != null);
            groups.computeIfAbsent(form, absent -> new ArrayList<>()).add(new Placed(path, change));
        }
        return groups.entrySet().stream()
                .map(group -> select(group.getKey(), group.getValue()))
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    private Set<String> names(Set<String> columns) {
        Set<String> names = new HashSet<>(scan.namesInFiles(columns));
        names.add(ChangeRows.CHANGE_TYPE);
        return names;
    }

    private static String placed(String type, String version, String timestamp) {
        return ", " + type + " AS " + Sql.identifier(ChangeRows.CHANGE_TYPE) + ", " + version + " AS "
                + Sql.identifier(COMMIT_VERSION) + ", " + timestamp + " AS " + Sql.identifier(COMMIT_TIMESTAMP);
    }

    private String select(Form form, List<Placed> changes) {
        Map<String, LiveFile> files = new LinkedHashMap<>();
        changes.forEach(placed -> files.put(placed.localPath, placed.change.file()));
        Map<String, Column> told =
                form.told ? Map.of(ChangeRows.CHANGE_TYPE, new Column(TOLD, Simple.STRING)) : Map.of();
        String place = placed(form.told ? "f." + Sql.identifier(TOLD) : "c.type", "c.version", "c.moment");
        return scan.allRows(form.int96, files, told, place)
                + commits(changes)
                + (form.only ? positions("SEMI JOIN", "o", changes, FileChange::only) : "")
                + (form.hidden
                        ? positions("ANTI JOIN", "h", changes, change -> change.file()
                                .deletionVector())
                        : "");
    }

    private static String commits(List<Placed> changes) {
        List<String> rows = new ArrayList<>();
        for (int number = 0; number < changes.size(); number++) {
            FileChange change = changes.get(number).change;
            String type = change.type() == null ? "NULL" : Sql.literal(change.type());
            rows.add("(" + Sql.literal(changes.get(number).localPath) + ", " + number + ", " + type + ", "
                    + change.version() + ", " + TimeUnit.MILLISECONDS.toMicros(change.millis()) + ")");
        }
        return " JOIN (SELECT file, number, type, version::BIGINT AS version, make_timestamptz(micros) AS moment"
                + " FROM (VALUES " + String.join(", ", rows)
                + ") v(file, number, type, version, micros)) c ON f.filename = c.file";
    }

    /** Keeps, or leaves out, the rows that a deletion vector of their change hides. */
    private String positions(
            String join,
            String alias,
            List<Placed> changes,
            Function<FileChange, @Nullable DeletionVectorDescriptor> vector) {
        Set<Path> files = new HashSet<>();
        List<String> rows = new ArrayList<>();
        for (int number = 0; number < changes.size(); number++) {
            FileChange change = changes.get(number).change;
            Path file = scan.positions(change.file(), vector.apply(change));
            files.add(file);
            rows.add("(" + Sql.literal(file.toString()) + ", " + number + ")");
        }
        return " " + join + " (SELECT m.number, v.position FROM read_parquet(" + FilePattern.list(files)
                + ", hive_partitioning = false) v JOIN (VALUES " + String.join(", ", rows)
                + ") m(file, number) ON v.filename = m.file) " + alias + " ON c.number = " + alias
                + ".number AND f.file_row_number = " + alias + ".position";
    }
}
