package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Files of a table that are read with the places of their rows, most often in order to be changed. */
final class PositionedFiles {

    /** As many rows as can be named in a statement. */
    static final int FEW_ROWS = 20_000;

    private static final int FEW_FILES = 100;

    private final Session session;
    private final ScanSql scan;
    private final Map<String, LiveFile> located;
    private final Map<String, AddFile> files;

    private PositionedFiles(Session session, ScanSql scan, Map<String, LiveFile> located, Map<String, AddFile> files) {
        this.session = session;
        this.scan = scan;
        this.located = located;
        this.files = files;
    }

    static PositionedFiles of(DeltaTables lake, Session session, TableChangeBuilder change, List<AddFile> files) {
        return of(
                lake,
                session,
                change.base(),
                change.schema(),
                files,
                () -> Set.copyOf(change.schema().fieldNames()));
    }

    /**
     * @param schema of the version, or one with more columns
     * @param columns that can be read
     */
    static PositionedFiles of(
            DeltaTables lake,
            Session session,
            TableSnapshot base,
            StructType schema,
            List<AddFile> files,
            Supplier<Set<String>> columns) {
        LiveFiles descriptions = new LiveFiles(base.table(), lake);
        Map<LiveFile, AddFile> byDescription = files.stream().collect(Collectors.toMap(descriptions::of, file -> file));
        ScanSql scan = base.scanSql(session, schema);
        Map<String, LiveFile> located = scan.located(List.copyOf(byDescription.keySet()), columns);
        Map<String, AddFile> byLocalPath = new HashMap<>();
        located.forEach((path, file) -> byLocalPath.put(path, byDescription.get(file)));
        return new PositionedFiles(session, scan, located, byLocalPath);
    }

    /** A FROM-expression over their rows, with the place of each. */
    String sql() {
        return scan.positioned(located);
    }

    /**
     * As {@link #sql}, over the rows that have one of few keys. Those that deletion vectors take out are looked for among
     * these only: to compare the place of every row costs as much as to compare its key.
     *
     * @param few a FROM-expression as for {@link KeyFilter}
     */
    String matching(List<String> keys, String few) {
        Map<String, LiveFile> whole = new LinkedHashMap<>();
        Map<String, LiveFile> hiding = new LinkedHashMap<>();
        located.forEach((path, file) -> {
            whole.put(path, file.withAllRows());
            if (file.deletionVector() != null) {
                hiding.put(path, file);
            }
        });
        String found = KeyFilter.of(scan.positioned(whole), keys, few);
        return hiding.isEmpty()
                ? found
                : "(SELECT * FROM " + found + " WHERE NOT coalesce((" + ScanSql.FILE + ", " + ScanSql.POSITION
                        + ") IN (" + scan.hidden(hiding) + "), FALSE))";
    }

    /**
     * As {@link #sql}, over the rows at some places only; empty when these are too many.
     *
     * @param places a FROM-expression with {@link ScanSql#FILE} and {@link ScanSql#POSITION}, of rows that are not deleted
     */
    Optional<String> at(String places) {
        Map<String, List<Long>> positions = new HashMap<>();
        List<Boolean> found = session.query(
                "SELECT " + ScanSql.FILE + ", " + ScanSql.POSITION + " FROM " + places + " LIMIT " + (FEW_ROWS + 1),
                row -> positions
                        .computeIfAbsent(row.getString(1), file -> new ArrayList<>())
                        .add(row.getLong(2)));
        if (found.size() > FEW_ROWS || positions.size() > FEW_FILES) {
            return Optional.empty();
        }
        if (!located.keySet().containsAll(positions.keySet())) {
            throw new IllegalStateException("rows were found in files that are elsewhere by now");
        }
        return Optional.of(positions.isEmpty() ? scan.positioned(Map.of()) : scan.at(located, positions));
    }

    /** By local path. */
    Map<String, AddFile> files() {
        return files;
    }
}
