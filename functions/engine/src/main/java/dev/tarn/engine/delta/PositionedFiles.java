package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import io.delta.kernel.internal.actions.AddFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Files of a table that are read in order to be changed.
 *
 * @param sql a FROM-expression over their rows, with the place of each
 * @param files by local path
 */
record PositionedFiles(String sql, Map<String, AddFile> files) {

    static PositionedFiles of(DeltaTables lake, Session session, TableChangeBuilder change, List<AddFile> files) {
        LiveFiles descriptions = new LiveFiles(change.base().table(), lake);
        Map<LiveFile, AddFile> byDescription = files.stream().collect(Collectors.toMap(descriptions::of, file -> file));
        ScanSql.Positioned scan = change.base()
                .scanSql(session, change.schema())
                .positioned(
                        List.copyOf(byDescription.keySet()),
                        () -> Set.copyOf(change.schema().fieldNames()));
        Map<String, AddFile> byLocalPath = new HashMap<>();
        scan.files().forEach((path, file) -> byLocalPath.put(path, byDescription.get(file)));
        return new PositionedFiles(scan.sql(), byLocalPath);
    }
}
