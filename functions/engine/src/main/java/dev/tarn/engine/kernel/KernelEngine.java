package dev.tarn.engine.kernel;

import dev.tarn.engine.cache.LocalFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TarnException;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Kernel needs to read and write the logs of one lake. Safe to share. */
public final class KernelEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(KernelEngine.class);

    private final StorageFileSystem files;
    private final JsonFiles json;
    private final CheckpointFiles checkpoints;
    private final ConstantExpressions expressions = new ConstantExpressions();
    private final DamagedCheckpoints damaged = new DamagedCheckpoints();

    public KernelEngine(Storage storage, LocalFiles localFiles, DuckDb duckDb) {
        this.files = new StorageFileSystem(storage, damaged);
        this.json = new JsonFiles(storage);
        this.checkpoints = new CheckpointFiles(storage, localFiles, duckDb, damaged);
    }

    /** As {@link #survivingCheckpoints(Supplier, Supplier)}, for a first look at a log. */
    public <T> T survivingCheckpoints(Supplier<T> load) {
        return survivingCheckpoints(load, load);
    }

    /**
     * What {@code read} makes of a log or, for each checkpoint that turns out to be damaged on the way, {@code anew},
     * which loads its snapshot without. When the commits are gone that it summed up, the first checkpoint is refused.
     */
    public <T> T survivingCheckpoints(Supplier<T> read, Supplier<T> anew) {
        List<TarnException> refusals = new ArrayList<>();
        while (true) {
            try {
                return refusals.isEmpty() ? read.get() : anew.get();
            } catch (TarnException e) {
                boolean known =
                        refusals.stream().anyMatch(refusal -> refusal.problems().equals(e.problems()));
                if (known || !DamagedCheckpoints.isRefusalOfOne(e)) {
                    throw e;
                }
                LOG.warn("read without a checkpoint: {}", e.problems().get(0).what());
                refusals.add(e);
            } catch (KernelException e) {
                if (refusals.isEmpty()) {
                    throw e;
                }
                refusals.forEach(damaged::forget);
                refusals.get(0).addSuppressed(e);
                throw refusals.get(0);
            }
        }
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
        return new KnownLog(this, files, damaged);
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
