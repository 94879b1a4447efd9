package dev.tarn.engine.delta;

import dev.tarn.engine.cache.LakeFile;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the descriptions of data files. */
final class LiveFiles {

    private final TableLocation table;
    private final DeltaTables lake;

    LiveFiles(TableLocation table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
    }

    /** Hands every file of the snapshot to {@code consumer}, one at a time: large tables have many. */
    void forEach(SnapshotImpl snapshot, Consumer<AddFile> consumer) {
        ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(lake.engine(), true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        consumer.accept(new AddFile(rows.next().getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL)));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files of " + table + " cannot be listed", e);
        }
    }

    List<LiveFile> of(SnapshotImpl snapshot) {
        List<LiveFile> files = new ArrayList<>();
        forEach(snapshot, add -> files.add(of(add)));
        return List.copyOf(files);
    }

    LiveFile of(AddFile add) {
        String path = storagePath(add.getPath());
        DeletionVectorDescriptor deletionVector = add.getDeletionVector().orElse(null);
        long physical = add.getNumRecords().orElseGet(() -> count(path, add.getSize()));
        long deleted = deletionVector == null ? 0 : deletionVector.getCardinality();
        return new LiveFile(
                new DataFile(path, add.getSize(), physical - deleted),
                partitionValues(add.getPartitionValues()),
                deletionVector);
    }

    /** A file of which only rows are wanted, and not their number. */
    LiveFile uncounted(String addPath, long size, MapValue partition, @Nullable DeletionVectorDescriptor hidden) {
        return new LiveFile(new DataFile(storagePath(addPath), size, 0), partitionValues(partition), hidden);
    }

    private static Map<String, @Nullable String> partitionValues(MapValue values) {
        return values.getSize() == 0 ? Map.of() : VectorUtils.toJavaMap(values);
    }

    private String storagePath(String addPath) {
        URI uri = URI.create(addPath);
        if (uri.isAbsolute() || addPath.startsWith("/")) {
            throw new TarnException(
                    ErrorCode.TABLE_FEATURE_UNSUPPORTED,
                    table + " has files outside of its folder, as a shallow clone has.",
                    "Copy the table instead of cloning it.");
        }
        return table.path() + "/" + uri.getPath();
    }

    /** For files whose writer kept no statistics. */
    private long count(String path, long size) {
        try (Session session = lake.duckDb().session()) {
            List<Path> local = lake.localFiles().parquet(session, List.of(new LakeFile(path, size)), Set::of);
            return session.query(
                            "SELECT num_rows FROM parquet_file_metadata(" + FilePattern.list(local) + ")",
                            row -> row.getLong(1))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("rows of " + path + " cannot be counted", e);
        }
    }
}
