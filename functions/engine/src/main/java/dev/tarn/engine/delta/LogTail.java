package dev.tarn.engine.delta;

import io.delta.kernel.utils.FileStatus;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the log of a table beside a snapshot of it.
 *
 * @param files the newest ones as they were listed, by Kernel's path
 */
record LogTail(FlowMarks marks, SortedMap<String, FileStatus> files) {

    /** The file as it was listed, so that it need not be read again and is surely the same; empty when it was not. */
    Optional<FileStatus> file(String path) {
        @Nullable FileStatus listed = files.get(path);
        return Optional.ofNullable(listed);
    }
}
