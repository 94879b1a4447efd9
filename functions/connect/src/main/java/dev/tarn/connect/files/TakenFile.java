package dev.tarn.connect.files;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One version of a file that was taken.
 *
 * @param sha256 of its bytes; null where nobody needs to know
 * @param local where DuckDB reads it; null where it will not
 * @param copied whether that one is in the workspace, and has to be deleted
 * @param shape of a file of CSV, or of one that was made to be read; null for others
 * @param flaw why it is unreadable; null when it is not
 */
record TakenFile(
        StoredFile file,
        Outcome outcome,
        @Nullable String sha256,
        @Nullable Path local,
        boolean copied,
        @Nullable CsvShape shape,
        @Nullable UnreadableFileException flaw) {

    static TakenFile readable(StoredFile file, String sha256, Path local, boolean copied, @Nullable CsvShape shape) {
        return new TakenFile(file, Outcome.READ, sha256, local, copied, shape, null);
    }

    static TakenFile older(StoredFile file) {
        return new TakenFile(file, Outcome.OLDER, null, null, false, null, null);
    }

    /** The same, not to be read. */
    TakenFile unreadable(UnreadableFileException why) {
        release();
        return new TakenFile(file, Outcome.UNREADABLE, sha256, null, false, shape, why);
    }

    /** The same, whose content is known. */
    TakenFile repeated() {
        release();
        return new TakenFile(file, Outcome.REPEATED, sha256, null, false, null, null);
    }

    boolean isRead() {
        return outcome == Outcome.READ;
    }

    /** Where DuckDB reads it. */
    Path path() {
        return requireNonNull(local);
    }

    /** Deletes what is in the workspace. */
    void release() {
        if (copied) {
            try {
                Files.deleteIfExists(path());
            } catch (IOException e) {
                throw new UncheckedIOException("a temporary file cannot be deleted: " + local, e);
            }
        }
    }
}
