package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of a query, written to this machine's disk and not yet into the table's folder. Closing deletes what was not moved. */
final class StagedRows implements AutoCloseable {

    /** Which files a table has. */
    enum Kind {
        ROWS("part-%s.zstd.parquet"),
        /** What a commit changed, for the change feed (PROTOCOL.md, "Change Data Files"). */
        CHANGES("_change_data/cdc-%s.zstd.parquet");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        /** Flat, whatever the partitions: the log knows them, and blob storages have no folders. */
        private String newPath() {
            return String.format(path, UUID.randomUUID());
        }
    }

    /**
     * @param size in bytes
     * @param columns DuckDB's statistics: by quoted path of the column, then by name
     */
    record LocalFile(
            Path file,
            long rows,
            long size,
            Map<String, Map<String, String>> columns,
            Map<String, @Nullable String> partitionValues) {}

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;
    private final StructType schema;
    private final Kind kind;
    private final Path place;
    private final List<LocalFile> files = new ArrayList<>();

    /** @param place the file, or the folder of the files */
    StagedRows(DeltaTables lake, Session session, TableSnapshot base, StructType schema, Kind kind, Path place) {
        this.lake = lake;
        this.session = session;
        this.base = base;
        this.schema = schema;
        this.kind = kind;
        this.place = place;
    }

    void add(LocalFile file) {
        // DuckDB writes a file for a query without rows as well.
        if (file.rows() > 0) {
            files.add(file);
        }
    }

    long rows() {
        return files.stream().mapToLong(LocalFile::rows).sum();
    }

    /** Size of the files, in bytes. */
    long bytes() {
        return files.stream().mapToLong(LocalFile::size).sum();
    }

    /** A FROM-expression in parentheses over the rows, as long as they are here. */
    String scan() {
        Map<String, LiveFile> local = new LinkedHashMap<>();
        for (LocalFile file : files) {
            DataFile data = new DataFile(file.file().toString(), file.size(), file.rows());
            local.put(file.file().toString(), new LiveFile(data, file.partitionValues(), null));
        }
        return new ScanSql(base.table(), base.version(), lake, session, schema, Set.copyOf(base.partitionBy()))
                .overLocal(local);
    }

    /** Puts the files into the table's folder; all of them, or none when it throws and can clear up. */
    List<NewFile> move() {
        List<NewFile> moved = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        try {
            for (LocalFile file : files) {
                DataFileStatistics statistics =
                        FileStatistics.of(session, file.file(), file.rows(), file.columns(), schema, base.kernel());
                String path = kind.newPath();
                String stored = base.table().path() + "/" + path;
                paths.add(stored);
                lake.pins().hold(session, List.of(stored));
                lake.localFiles().put(session, stored, file.file());
                moved.add(new NewFile(path, file.size(), lake.clock().millis(), file.partitionValues(), statistics));
            }
            return moved;
        } catch (IOException e) {
            UncheckedIOException failure =
                    new UncheckedIOException("files of " + base.table() + " cannot be written", e);
            delete(paths, failure);
            throw failure;
        } catch (RuntimeException e) {
            delete(paths, e);
            throw e;
        }
    }

    /** The last one, too, whose moving failed: it may have arrived all the same. */
    private void delete(List<String> paths, RuntimeException failure) {
        for (String path : paths) {
            try {
                lake.storage().delete(path);
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() {
        if (!Files.exists(place)) {
            return;
        }
        try (Stream<Path> left = Files.walk(place)) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("temporary files cannot be deleted: " + place, e);
        }
    }
}
