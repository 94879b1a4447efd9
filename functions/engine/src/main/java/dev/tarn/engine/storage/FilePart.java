package dev.tarn.engine.storage;

/**
 * Bytes of a file.
 *
 * @param bytes the part that was asked for
 * @param etag names the content that the part is of, as {@link StoredFile#etag} does
 */
public record FilePart(byte[] bytes, String etag) {}
