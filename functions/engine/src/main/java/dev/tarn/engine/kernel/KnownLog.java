package dev.tarn.engine.kernel;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Sees a log whose files are known: it lists them without asking the storage, and what is not among them, such as the
 * pointer to the newest checkpoint, is not there.
 */
final class KnownLog extends EngineView {

    private final List<FileStatus> files;
    private final DamagedCheckpoints damaged;

    /** @param files ordered by their names */
    KnownLog(KernelEngine engine, List<FileStatus> files, DamagedCheckpoints damaged) {
        super(engine);
        this.files = List.copyOf(files);
        this.damaged = damaged;
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) {
        return Iterators.of(files.stream()
                .filter(file -> file.getPath().compareTo(path) >= 0)
                .filter(file -> !(file instanceof ListedFile listed && damaged.has(listed)))
                .toList());
    }

    @Override
    public CloseableIterator<ColumnarBatch> readJsonFiles(
            CloseableIterator<FileStatus> wanted, StructType schema, Optional<Predicate> hint) throws IOException {
        return super.readJsonFiles(wanted.map(KnownLog::listed), schema, hint);
    }

    private static FileStatus listed(FileStatus file) {
        if (file instanceof ListedFile) {
            return file;
        }
        throw new KernelEngineException(file.getPath(), new FileNotFoundException(file.getPath()));
    }
}
