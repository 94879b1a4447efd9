package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks through a version of a table to describe it. The files are looked at one by one: large tables have many. */
final class DescribedTable {

    private static final String COMMENT = "comment";

    private final TableSnapshot snapshot;
    private final SnapshotImpl kernel;
    private final DeltaTables lake;
    private final LiveFiles liveFiles;
    private final Set<String> partitionBy;
    private final List<Counted> columns = new ArrayList<>();
    private long files;
    private long bytes;
    private long rows;
    private long withDeletionVector;
    private long hiddenRows;

    DescribedTable(TableSnapshot snapshot, DeltaTables lake) {
        this.snapshot = snapshot;
        this.kernel = snapshot.kernel();
        this.lake = lake;
        this.liveFiles = new LiveFiles(snapshot.table(), lake);
        this.partitionBy = new HashSet<>(snapshot.partitionBy());
        add(kernel.getSchema(), "", List.of());
    }

    private void add(StructType struct, String prefix, List<String> parents) {
        for (StructField field : struct.fields()) {
            List<String> stored = new ArrayList<>(parents);
            stored.add(StoredColumns.name(field));
            String path = prefix + field.getName();
            columns.add(new Counted(path, field, stored, parents.isEmpty() && partitionBy.contains(field.getName())));
            if (field.getDataType() instanceof StructType inner) {
                add(inner, path + ".", stored);
            }
        }
    }

    TableDescription description() {
        liveFiles.forEach(kernel, this::count);
        Protocol protocol = kernel.getProtocol();
        return new TableDescription(
                snapshot.table(),
                snapshot.tableId(),
                snapshot.version(),
                snapshot.timestamp(),
                snapshot.comment(),
                new TableDescription.Protocol(
                        protocol.getMinReaderVersion(),
                        protocol.getMinWriterVersion(),
                        List.copyOf(new TreeSet<>(protocol.getReaderAndWriterFeatures()))),
                refusal(() -> Features.checkWritable(snapshot.table(), kernel)),
                refusal(() -> Features.checkKeepsProgress(snapshot.table(), kernel)),
                columns.stream().map(Counted::description).toList(),
                snapshot.partitionBy(),
                kernel.getMetadata().getConfiguration(),
                new TableDescription.Files(files, bytes, rows, withDeletionVector, hiddenRows),
                checkpoint());
    }

    /** As a reader finds it who comes anew: a snapshot that is kept up to date does without later checkpoints. */
    private @Nullable Long checkpoint() {
        return lake.table(snapshot.table())
                .snapshotAt(snapshot.version())
                .kernel()
                .getLogSegment()
                .getCheckpointVersionOpt()
                .orElse(null);
    }

    private static @Nullable String refusal(Runnable check) {
        try {
            check.run();
            return null;
        } catch (TarnException refused) {
            return refused.problems().get(0).what();
        }
    }

    private void count(AddFile add) {
        LiveFile file = liveFiles.of(add);
        Optional<DeletionVectorDescriptor> hidden = add.getDeletionVector();
        files++;
        bytes += add.getSize();
        rows += file.file().records();
        withDeletionVector += hidden.isPresent() ? 1 : 0;
        hiddenRows += hidden.map(DeletionVectorDescriptor::getCardinality).orElse(0L);
        FileBounds bounds = FileBounds.of(add);
        columns.forEach(column -> column.look(bounds));
    }

    /** A column and how many files tell of it. */
    private static final class Counted {

        private final String path;
        private final StructField field;
        private final List<String> stored;
        private final boolean partition;
        private long min;
        private long max;
        private long nullCount;

        Counted(String path, StructField field, List<String> stored, boolean partition) {
            this.path = path;
            this.field = field;
            this.stored = stored;
            this.partition = partition;
        }

        void look(FileBounds bounds) {
            boolean leaf = !(field.getDataType() instanceof StructType);
            min += partition || leaf && bounds.tell(FileBounds.MIN, stored) ? 1 : 0;
            max += partition || leaf && bounds.tell(FileBounds.MAX, stored) ? 1 : 0;
            nullCount += partition || leaf && bounds.tell(FileBounds.NULL_COUNT, stored) ? 1 : 0;
        }

        ColumnDescription description() {
            return new ColumnDescription(
                    path,
                    KernelTypes.fromKernel(field.getDataType()),
                    field.isNullable(),
                    partition,
                    field.getMetadata().contains(COMMENT) ? field.getMetadata().getString(COMMENT) : "",
                    new ColumnDescription.Statistics(min, max, nullCount));
        }
    }
}
