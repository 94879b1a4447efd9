package dev.tarn.engine.kernel;

import dev.tarn.engine.cache.LocalFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.Storage;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** What Kernel needs to read and write the logs of one lake. Safe to share. */
public final class KernelEngine implements Engine {

    private final StorageFileSystem files;
    private final JsonFiles json;
    private final CheckpointFiles checkpoints;
    private final ConstantExpressions expressions = new ConstantExpressions();

    public KernelEngine(Storage storage, LocalFiles localFiles, DuckDb duckDb) {
        this.files = new StorageFileSystem(storage);
        this.json = new JsonFiles(storage);
        this.checkpoints = new CheckpointFiles(storage, localFiles, duckDb);
    }

    /** The path by which Kernel knows the storage's {@code path}. */
    public static String kernelPath(String path) {
        return "/" + path;
    }

    /** The storage's path of what Kernel calls {@code kernelPath}. */
    public static String storagePath(String kernelPath) {
        if (!kernelPath.startsWith("/")) {
            throw new IllegalArgumentException("not a path of this lake: " + kernelPath);
        }
        return kernelPath.substring(1);
    }

    /**
     * The files of the folder whose name is not below {@code from}, each known by its content from now on: what is read of
     * it later is what it is now.
     */
    public List<FileStatus> list(String folder, String from) throws IOException {
        return files.list(folder, from);
    }

    /** Whether {@code files}, from {@link #list}, has {@code file} with the content it had when it was listed. */
    public static boolean isAmong(FileStatus file, List<FileStatus> files) {
        return file instanceof ListedFile listed && files.stream().anyMatch(listed::isSameAs);
    }

    /** This engine, telling {@code listed} which files it lists. */
    public Engine recording(Consumer<FileStatus> listed) {
        return new RecordedLog(this, listed);
    }

    /** This engine for a log that consists of {@code files}, from {@link #list} and ordered by name, whatever else there is. */
    public Engine ofLog(List<FileStatus> files) {
        return new KnownLog(this, files);
    }

    @Override
    public ExpressionHandler getExpressionHandler() {
        return expressions;
    }

    @Override
    public JsonHandler getJsonHandler() {
        return json;
    }

    @Override
    public FileSystemClient getFileSystemClient() {
        return files;
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return checkpoints;
    }
}
