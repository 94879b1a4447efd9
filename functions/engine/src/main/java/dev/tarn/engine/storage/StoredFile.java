package dev.tarn.engine.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A file of a lake.
 *
 * @param path relative to the lake's root, {@code /} between folders
 * @param size in bytes
 * @param modified when the content was last put there, by the clock of the storage
 * @param etag names the content: another content of the same path has another one
 */
public record StoredFile(String path, long size, Instant modified, String etag) {

    public StoredFile {
        requireNonNull(modified, "modified");
        requireNonNull(etag, "etag");
        if (path.isEmpty() || size < 0) {
            throw new IllegalArgumentException("not a stored file: '" + path + "' of " + size + " bytes");
        }
    }

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
