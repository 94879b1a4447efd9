package dev.tarn.engine.cache;

import org.jspecify.annotations.Nullable;

/**
 * A file of the lake to be read.
 *
 * @param path relative to the lake's root
 * @param size in bytes
 * @param etag names the content; null for a file whose content never changes
 */
public record LakeFile(String path, long size, @Nullable String etag) {

    /** A data file: another content would have another name. */
    public LakeFile(String path, long size) {
        this(path, size, null);
    }
}
