package dev.tarn.engine.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of one lake. Paths are relative to the lake's root with {@code /} between folders, for example
 * {@code silver/account_move/_delta_log/00000000000000000000.json}. A folder exists as long as it holds a file.
 *
 * <p>What was written is durable when the call answers. When a writing call throws, the outcome is unknown: the file may
 * be there or not, but it is never there in part. Implementations are safe to share between threads, and equal exactly
 * when they show the same lake.
 *
 * <p>A storage that is a service throws {@link dev.tarn.model.TarnException} with STORAGE_UNAVAILABLE when it does not
 * answer, and with LAKE_ACCESS_REFUSED or CONFIGURATION_INVALID when it will not.
 */
public interface Storage {

    /**
     * The files directly in {@code folder} whose name is not below {@code from} (empty for all), ordered by the bytes
     * of their names in UTF-8. Empty when the folder is absent.
     */
    List<StoredFile> list(String folder, String from) throws IOException;

    /**
     * All files below {@code folder}, however deep, in no order; links are not followed. Empty when the folder is absent.
     * A name may be one that {@link LakePath} refuses, when somebody else put the file there.
     */
    List<StoredFile> listBelow(String folder) throws IOException;

    /** The file at {@code path}; empty when there is none. */
    Optional<StoredFile> find(String path) throws IOException;

    /** The whole content. Throws {@link java.nio.file.NoSuchFileException} when there is no such file. */
    byte[] read(String path) throws IOException;

    /**
     * {@code length} bytes from {@code offset}. Throws {@link java.nio.file.NoSuchFileException} when there is no such
     * file and {@link java.io.EOFException} when it ends before.
     */
    FilePart read(String path, long offset, int length) throws IOException;

    /**
     * As {@link #read(String, long, int)}, of the content that {@code etag} names. Throws {@link FileChangedException}
     * when the file has another content by now.
     */
    FilePart read(String path, long offset, int length, String etag) throws IOException;

    /** Creates or replaces the file; readers see the old content or the new one. */
    void put(String path, byte[] content) throws IOException;

    /**
     * Creates the file and answers true; or answers false, and whatever file is there stays untouched. Over a network
     * the file that is there can be the caller's own, when the first of two tries arrived and its answer did not.
     */
    boolean putIfAbsent(String path, byte[] content) throws IOException;

    /**
     * Replaces the file by {@code content} and answers true; or answers false, and whatever is there stays untouched,
     * when it is no longer the content that {@code etag} names. Holds among all who replace it by this call, and over a
     * network what is there can be the caller's own as with {@link #putIfAbsent}.
     */
    boolean putIfUnchanged(String path, byte[] content, String etag) throws IOException;

    /**
     * Takes {@code local} away and makes it the file at {@code path}. Throws
     * {@link java.nio.file.FileAlreadyExistsException} when there is a file already.
     */
    void putFile(String path, Path local) throws IOException;

    /** Deletes the file; it is fine when there is none. */
    void delete(String path) throws IOException;

    /** The lease of that name; empty when somebody else holds it, be it a thread or another process. */
    Optional<Lease> lease(String path) throws IOException;

    /**
     * The file at {@code path} as a file of this machine, to be read and never written; empty when this storage is
     * elsewhere. Throws {@link java.nio.file.NoSuchFileException} when it is here and has no such file.
     */
    Optional<Path> localFile(String path) throws IOException;
}
