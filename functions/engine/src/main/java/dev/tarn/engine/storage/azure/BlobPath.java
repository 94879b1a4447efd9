package dev.tarn.engine.storage.azure;

import dev.tarn.engine.storage.LakePath;

/**
 * A path in the lake as Azure has it.
 *
 * @param container the first part of the path
 * @param blob the rest; empty for the container itself, which is a folder
 */
record BlobPath(String container, String blob) {

    /** Of a file or a folder. Throws {@link IllegalArgumentException} when it is no path in a lake. */
    static BlobPath of(String path) {
        int slash = LakePath.require(path).indexOf('/');
        return slash < 0 ? new BlobPath(path, "") : new BlobPath(path.substring(0, slash), path.substring(slash + 1));
    }
}
