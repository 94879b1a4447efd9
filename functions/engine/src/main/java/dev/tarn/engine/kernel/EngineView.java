package dev.tarn.engine.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileReadRequest;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/** An engine that sees the files of a log in a way of its own, and is {@link KernelEngine} otherwise. */
abstract class EngineView implements Engine, FileSystemClient, JsonHandler {

    private final KernelEngine engine;

    EngineView(KernelEngine engine) {
        this.engine = engine;
    }

    @Override
    public ExpressionHandler getExpressionHandler() {
        return engine.getExpressionHandler();
    }

    @Override
    public JsonHandler getJsonHandler() {
        return this;
    }

    @Override
    public FileSystemClient getFileSystemClient() {
        return this;
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return engine.getParquetHandler();
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
        return engine.getFileSystemClient().listFrom(path);
    }

    @Override
    public CloseableIterator<ColumnarBatch> readJsonFiles(
            CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> hint) throws IOException {
        return engine.getJsonHandler().readJsonFiles(files, schema, hint);
    }

    @Override
    public ColumnarBatch parseJson(ColumnVector texts, StructType schema, Optional<ColumnVector> selection) {
        return engine.getJsonHandler().parseJson(texts, schema, selection);
    }

    @Override
    public void writeJsonFileAtomically(String path, CloseableIterator<Row> rows, boolean overwrite)
            throws IOException {
        engine.getJsonHandler().writeJsonFileAtomically(path, rows, overwrite);
    }

    @Override
    public String resolvePath(String path) throws IOException {
        return engine.getFileSystemClient().resolvePath(path);
    }

    @Override
    public CloseableIterator<ByteArrayInputStream> readFiles(CloseableIterator<FileReadRequest> requests)
            throws IOException {
        return engine.getFileSystemClient().readFiles(requests);
    }

    @Override
    public boolean mkdirs(String path) throws IOException {
        return engine.getFileSystemClient().mkdirs(path);
    }

    @Override
    public boolean delete(String path) throws IOException {
        return engine.getFileSystemClient().delete(path);
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        return engine.getFileSystemClient().getFileStatus(path);
    }

    @Override
    public void copyFileAtomically(String source, String target, boolean overwrite) throws IOException {
        engine.getFileSystemClient().copyFileAtomically(source, target, overwrite);
    }
}
