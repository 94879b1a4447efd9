package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import io.delta.kernel.internal.actions.AddFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Files of a table that are read in order to be changed. */
final class PositionedFiles {

    private final ScanSql scan;
    private final ScanSql.Positioned positioned;
    private final Map<String, AddFile> files;

    private PositionedFiles(ScanSql scan, ScanSql.Positioned positioned, Map<String, AddFile> files) {
        this.scan = scan;
        this.positioned = positioned;
        this.files = files;
    }

    static PositionedFiles of(DeltaTables lake, Session session, TableChangeBuilder change, List<AddFile> files) {
        LiveFiles descriptions = new LiveFiles(change.base().table(), lake);
        Map<LiveFile, AddFile> byDescription = files.stream().collect(Collectors.toMap(descriptions::of, file -> file));
        ScanSql scan = change.base().scanSql(session, change.schema());
        ScanSql.Positioned positioned = scan.positioned(
                List.copyOf(byDescription.keySet()),
                () -> Set.copyOf(change.schema().fieldNames()));
        Map<String, AddFile> byLocalPath = new HashMap<>();
        positioned.files().forEach((path, file) -> byLocalPath.put(path, byDescription.get(file)));
        return new PositionedFiles(scan, positioned, byLocalPath);
    }

    /** A FROM-expression over their rows, with the place of each. */
    String sql() {
        return positioned.sql();
    }

    /** As {@link #sql}, over some rows only; {@code positions} by local path, at least one. */
    String at(Map<String, List<Long>> positions) {
        return scan.at(positioned.files(), positions);
    }

    /** By local path. */
    Map<String, AddFile> files() {
        return files;
    }
}
