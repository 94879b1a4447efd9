package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelEngine;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.RemoveFile;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Writes checkpoints that still know of files which were removed before the checkpoint before. Kernel leaves them out, and
 * engines whose vacuum trusts checkpoints would delete files that versions within the retention need.
 */
final class RememberedRemoves implements Engine, ParquetHandler {

    private final KernelEngine engine;
    private final long oldest;

    /** @param oldestMillis files that were removed before that are forgotten */
    RememberedRemoves(KernelEngine engine, long oldestMillis) {
        this.engine = engine;
        this.oldest = oldestMillis;
    }

    private record Key(String path, Optional<String> vector) {

        static Key of(String path, Optional<DeletionVectorDescriptor> vector) {
            return new Key(path, vector.map(DeletionVectorDescriptor::getUniqueId));
        }
    }

    @Override
    public void writeParquetFileAtomically(String path, CloseableIterator<FilteredColumnarBatch> batches)
            throws IOException {
        Set<Key> later = new HashSet<>();
        engine.getParquetHandler().writeParquetFileAtomically(path, batches.map(batch -> complete(batch, later)));
    }

    /** @param later files of which the batches so far speak, which are those of later commits */
    private FilteredColumnarBatch complete(FilteredColumnarBatch batch, Set<Key> later) {
        StructType schema = batch.getData().getSchema();
        int add = schema.indexOf("add");
        int remove = schema.indexOf("remove");
        boolean[] selected = selected(batch);
        Set<Key> here = new HashSet<>();
        try (CloseableIterator<Row> rows = batch.getData().getRows()) {
            for (int row = 0; rows.hasNext(); row++) {
                Row action = rows.next();
                if (!action.isNullAt(remove)) {
                    RemoveFile file = new RemoveFile(action.getStruct(remove));
                    Key key = Key.of(file.getPath(), file.getDeletionVector());
                    selected[row] |= file.getDeletionTimestamp().orElse(0L) > oldest && !later.contains(key);
                    here.add(key);
                } else if (!action.isNullAt(add)) {
                    AddFile file = new AddFile(action.getStruct(add));
                    here.add(Key.of(file.getPath(), file.getDeletionVector()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        later.addAll(here);
        return new FilteredColumnarBatch(
                batch.getData(),
                Optional.of(engine.getExpressionHandler().createSelectionVector(selected, 0, selected.length)));
    }

    private static boolean[] selected(FilteredColumnarBatch batch) {
        boolean[] selected = new boolean[batch.getData().getSize()];
        Optional<ColumnVector> before = batch.getSelectionVector();
        for (int row = 0; row < selected.length; row++) {
            int at = row;
            selected[row] = before.map(vector -> !vector.isNullAt(at) && vector.getBoolean(at))
                    .orElse(true);
        }
        return selected;
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return this;
    }

    @Override
    public ExpressionHandler getExpressionHandler() {
        return engine.getExpressionHandler();
    }

    @Override
    public JsonHandler getJsonHandler() {
        return engine.getJsonHandler();
    }

    @Override
    public FileSystemClient getFileSystemClient() {
        return engine.getFileSystemClient();
    }

    @Override
    public CloseableIterator<FileReadResult> readParquetFiles(
            CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> hint) throws IOException {
        return engine.getParquetHandler().readParquetFiles(files, schema, hint);
    }

    @Override
    public CloseableIterator<DataFileStatus> writeParquetFiles(
            String folder, CloseableIterator<FilteredColumnarBatch> rows, java.util.List<Column> statistics)
            throws IOException {
        return engine.getParquetHandler().writeParquetFiles(folder, rows, statistics);
    }
}
