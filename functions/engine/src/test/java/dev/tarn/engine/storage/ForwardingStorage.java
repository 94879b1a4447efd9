package dev.tarn.engine.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Hands every call on; a test changes those it is about. Has no equal: writers on different ones do not take turns, as if
 * they were different processes.
 */
public class ForwardingStorage implements Storage {

    protected final Storage storage;

    public ForwardingStorage(Storage storage) {
        this.storage = storage;
    }

    @Override
    public List<StoredFile> list(String folder, String from) throws IOException {
        return storage.list(folder, from);
    }

    @Override
    public List<StoredFile> listBelow(String folder) throws IOException {
        return storage.listBelow(folder);
    }

    @Override
    public Optional<StoredFile> find(String path) throws IOException {
        return storage.find(path);
    }

    @Override
    public byte[] read(String path) throws IOException {
        return storage.read(path);
    }

    @Override
    public FilePart read(String path, long offset, int length) throws IOException {
        return storage.read(path, offset, length);
    }

    @Override
    public FilePart read(String path, long offset, int length, String etag) throws IOException {
        return storage.read(path, offset, length, etag);
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        storage.put(path, content);
    }

    @Override
    public boolean putIfAbsent(String path, byte[] content) throws IOException {
        return storage.putIfAbsent(path, content);
    }

    @Override
    public boolean putIfUnchanged(String path, byte[] content, String etag) throws IOException {
        return storage.putIfUnchanged(path, content, etag);
    }

    @Override
    public void putFile(String path, Path local) throws IOException {
        storage.putFile(path, local);
    }

    @Override
    public void delete(String path) throws IOException {
        storage.delete(path);
    }

    @Override
    public Optional<Lease> lease(String path) throws IOException {
        return storage.lease(path);
    }

    @Override
    public Optional<Path> localFile(String path) throws IOException {
        return storage.localFile(path);
    }
}
