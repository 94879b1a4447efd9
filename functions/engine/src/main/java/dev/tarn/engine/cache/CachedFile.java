package dev.tarn.engine.cache;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.tarn.engine.duckdb.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of the lake of which some ranges are here: a sparse file of the same length. Nothing is here but what was asked
 * for, so that a column is here as a whole or its beginning is not, which no reader takes for data.
 */
final class CachedFile {

    private final LakeFile file;
    private final Path local;

    /** Held by whoever fetches, so that what several readers want is fetched once. */
    private final ReentrantLock fetching = new ReentrantLock();

    private final Ranges present = new Ranges();
    private final Set<String> columns = new HashSet<>();
    private @Nullable String etag;

    // Of the cache, and guarded by it.
    private final List<Session> readers = new ArrayList<>();
    private Ranges reserved = new Ranges();

    CachedFile(LakeFile file, Path local) {
        this.file = file;
        this.local = local;
        this.etag = file.etag();
    }

    boolean holds(LakeFile wanted) {
        return wanted.size() == file.size()
                && (wanted.etag() == null || wanted.etag().equals(file.etag()));
    }

    LakeFile file() {
        return file;
    }

    String path() {
        return file.path();
    }

    Path local() {
        return local;
    }

    long size() {
        return file.size();
    }

    Ranges all() {
        return Ranges.of(0, size());
    }

    ReentrantLock fetching() {
        return fetching;
    }

    /** The content that was read first, null as long as any will do. */
    synchronized @Nullable String etag() {
        return etag;
    }

    synchronized void pin(String first) {
        if (etag == null) {
            etag = first;
        }
    }

    /** Columns of which all is here. */
    Set<String> columns() {
        return columns;
    }

    synchronized boolean isWhole() {
        return present.bytes() == size();
    }

    /** What of {@code wanted} is not here. */
    synchronized Ranges missing(Ranges wanted) {
        return wanted.without(present);
    }

    /** Says that all of the file is here, since this process wrote it. */
    synchronized void markWritten() {
        present.addAll(all());
    }

    /** Puts bytes in their place. */
    void write(long offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(local, CREATE, WRITE, SPARSE)) {
            ByteBuffer remaining = ByteBuffer.wrap(bytes);
            while (remaining.hasRemaining()) {
                channel.write(remaining, offset + remaining.position());
            }
        }
        synchronized (this) {
            present.add(offset, offset + bytes.length);
        }
    }

    /** Bytes that are here. */
    ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(local, READ)) {
            int read = 0;
            while (read >= 0 && bytes.hasRemaining()) {
                read = channel.read(bytes, offset + bytes.position());
            }
        }
        return bytes.flip();
    }

    List<Session> readers() {
        return readers;
    }

    /** What counts against the cache: what is here, and what is on its way. */
    Ranges reserved() {
        return reserved;
    }

    void reserve(Ranges more) {
        reserved = reserved.with(more);
    }
}
