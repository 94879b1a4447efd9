package dev.tarn.engine.delta;

import dev.tarn.engine.cache.LakeFile;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
        // A checkpoint may be read only now, long after the snapshot was loaded.
        return lake.engine()
                .survivingCheckpoints(
                        () -> list(snapshot),
                        () -> list(lake.table(table)
                                .snapshotAt(snapshot.getVersion())
                                .kernel()));
    }

    private List<LiveFile> list(SnapshotImpl snapshot) {
        List<LiveFile> files = new ArrayList<>();
        Map<MapValue, Map<String, @Nullable String>> partitions = new IdentityHashMap<>();
        forEach(
                snapshot,
                add -> files.add(
                        of(add, partitions.computeIfAbsent(add.getPartitionValues(), LiveFiles::partitionValues))));
        return List.copyOf(files);
    }

    LiveFile of(AddFile add) {
        return of(add, partitionValues(add.getPartitionValues()));
    }

    private LiveFile of(AddFile add, Map<String, @Nullable String> partitionValues) {
        String path = storagePath(add.getPath());
        DeletionVectorDescriptor deletionVector = add.getDeletionVector().orElse(null);
        OptionalLong told = add.getStatsJson().map(RecordCount::of).orElse(OptionalLong.empty());
        long physical = told.isPresent() ? told.getAsLong() : count(path, add.getSize());
        long deleted = deletionVector == null ? 0 : deletionVector.getCardinality();
        return new LiveFile(new DataFile(path, add.getSize(), physical - deleted), partitionValues, deletionVector);
    }

    /** A file of which only rows are wanted, and not their number. */
    LiveFile uncounted(String addPath, long size, MapValue partition, @Nullable DeletionVectorDescriptor hidden) {
        return new LiveFile(new DataFile(storagePath(addPath), size, 0), partitionValues(partition), hidden);
    }

    private static Map<String, @Nullable String> partitionValues(MapValue values) {
        return values.getSize() == 0 ? Map.of() : Collections.unmodifiableMap(VectorUtils.toJavaMap(values));
    }

    private String storagePath(String addPath) {
        if (isPlain(addPath)) {
            return table.path() + "/" + addPath;
        }
        URI uri = URI.create(addPath);
        if (uri.isAbsolute() || addPath.startsWith("/")) {
            throw new TarnException(
                    ErrorCode.TABLE_FEATURE_UNSUPPORTED,
                    table + " has files outside of its folder, as a shallow clone has.",
                    "Copy the table instead of cloning it.");
        }
        return table.path() + "/" + uri.getPath();
    }

    /** Whether the path is its own decoded form, which most are: taking a URI apart costs more than all else of a file. */
    private static boolean isPlain(String addPath) {
        for (int i = 0; i < addPath.length(); i++) {
            char character = addPath.charAt(i);
            boolean plain = character >= 'a' && character <= 'z'
                    || character >= 'A' && character <= 'Z'
                    || character >= '0' && character <= '9'
                    || character == '-'
                    || character == '_'
                    || character == '.'
                    || character == '='
                    || character == '/' && i > 0;
            if (!plain) {
                return false;
            }
        }
        return !addPath.isEmpty();
    }

    /** For files whose writer kept no statistics. */
    private long count(String path, long size) {
        try (Session session = lake.duckDb().session()) {
            List<Path> local = lake.localFiles().parquet(session, List.of(new LakeFile(path, size)), Set::of);
            return session.query(
                            "SELECT num_rows FROM parquet_file_metadata(" + FilePattern.list(local) + ")",
                            row -> row.getLong(1))
                    .get(0);
        } catch (NoSuchFileException | SqlFailedException e) {
            throw ScanFailure.uncounted(table, path, e);
        } catch (IOException e) {
            throw new UncheckedIOException("rows of " + path + " cannot be counted", e);
        }
    }
}
