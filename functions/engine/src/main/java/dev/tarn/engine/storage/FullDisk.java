package dev.tarn.engine.storage;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A disk of this machine on which there is no room left. */
public final class FullDisk {

    private static final List<String> WORDS =
            List.of("No space left on device", "Disk quota exceeded", "There is not enough space on the disk");

    private FullDisk() {}

    /** Whether the system says so in {@code message}: neither Java nor DuckDB has a kind of failure for it. */
    public static boolean isIn(@Nullable String message) {
        return message != null && WORDS.stream().anyMatch(message::contains);
    }

    /**
     * The failure, unless it is that of a full disk.
     *
     * @param root of the lake
     * @param path that could not be written in it
     * @throws TarnException DISK_TOO_SMALL
     */
    static IOException refused(Path root, String path, IOException failure) {
        if (!isIn(failure.getMessage())) {
            return failure;
        }
        throw new TarnException(
                ErrorCode.DISK_TOO_SMALL,
                "The disk of the lake is full: " + path + " cannot be written below " + root + ".",
                "Free some space there and run again. Nothing of what was being written is part of a table.",
                failure);
    }
}
