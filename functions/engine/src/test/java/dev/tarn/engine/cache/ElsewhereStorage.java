package dev.tarn.engine.cache;

import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.engine.storage.FilePart;
import dev.tarn.engine.storage.ForwardingStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A lake in a folder that pretends to be elsewhere: no file of it can be used where it is. Counts what is read. */
public final class ElsewhereStorage extends ForwardingStorage {

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Reading reading = Storage::read;

    /** How a part of a file is read. */
    public interface Reading {
        FilePart read(Storage storage, String path, long offset, int length) throws IOException;
    }

    public ElsewhereStorage(Path root) {
        this(new LocalStorage(root));
    }

    public ElsewhereStorage(Storage storage) {
        super(storage);
    }

    /** From now on parts are read so. */
    public void read(Reading instead) {
        reading = instead;
    }

    /** Reads so far. */
    public long requests() {
        return requests.get();
    }

    /** Bytes that were read so far. */
    public long bytes() {
        return bytes.get();
    }

    private FilePart counted(FilePart part) {
        requests.incrementAndGet();
        bytes.addAndGet(part.bytes().length);
        return part;
    }

    @Override
    public FilePart read(String path, long offset, int length) throws IOException {
        return counted(reading.read(storage, path, offset, length));
    }

    @Override
    public FilePart read(String path, long offset, int length, String etag) throws IOException {
        FilePart part = counted(reading.read(storage, path, offset, length));
        if (!part.etag().equals(etag)) {
            throw new FileChangedException(path);
        }
        return part;
    }

    @Override
    public Optional<Path> localFile(String path) {
        return Optional.empty();
    }

    @Override
    public byte[] read(String path) throws IOException {
        byte[] content = storage.read(path);
        requests.incrementAndGet();
        bytes.addAndGet(content.length);
        return content;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ElsewhereStorage elsewhere && elsewhere.storage.equals(storage);
    }

    @Override
    public int hashCode() {
        return storage.hashCode();
    }

    @Override
    public String toString() {
        return storage.toString();
    }
}
