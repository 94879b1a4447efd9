package dev.tarn.engine.kernel;

import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.function.Consumer;

/** Tells which files Kernel lists. */
final class RecordedLog extends EngineView {

    private final Consumer<FileStatus> listed;

    RecordedLog(KernelEngine engine, Consumer<FileStatus> listed) {
        super(engine);
        this.listed = listed;
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
        return super.listFrom(path).map(file -> {
            listed.accept(file);
            return file;
        });
    }
}
