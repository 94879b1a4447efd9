package dev.tarn.local.crash;

import dev.tarn.engine.storage.FilePart;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A storage that halts the process, as a power cut would, before or after one of the calls that change something. Point
 * {@code 2n} is before call {@code n}, point {@code 2n + 1} after it.
 */
final class HaltingStorage implements Storage {

    /** Exit code of a process that was halted here. */
    static final int HALTED = 99;

    private final Storage storage;
    private final int point;
    private final AtomicInteger calls = new AtomicInteger();

    HaltingStorage(Storage storage, int point) {
        this.storage = storage;
        this.point = point;
    }

    /** Points that were passed. */
    int points() {
        return calls.get() * 2;
    }

    private interface Change<T> {
        T make() throws IOException;
    }

    private <T> T change(String operation, String path, Change<T> change) throws IOException {
        int call = calls.getAndIncrement();
        haltAt(2 * call, "before " + operation, path);
        T result = change.make();
        haltAt(2 * call + 1, "after " + operation, path);
        return result;
    }

    private void haltAt(int reached, String moment, String path) {
        if (reached == point) {
            System.out.println(
                    "halted " + moment + " " + path.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID"));
            System.out.flush();
            Runtime.getRuntime().halt(HALTED);
        }
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        change("put", path, () -> {
            storage.put(path, content);
            return true;
        });
    }

    @Override
    public boolean putIfAbsent(String path, byte[] content) throws IOException {
        return change("put-if-absent", path, () -> storage.putIfAbsent(path, content));
    }

    @Override
    public void putFile(String path, Path local) throws IOException {
        change("put-file", path, () -> {
            storage.putFile(path, local);
            return true;
        });
    }

    @Override
    public void delete(String path) throws IOException {
        change("delete", path, () -> {
            storage.delete(path);
            return true;
        });
    }

    @Override
    public Optional<Lease> lease(String path) throws IOException {
        return storage.lease(path);
    }

    @Override
    public List<StoredFile> list(String folder, String from) throws IOException {
        return storage.list(folder, from);
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
    public Optional<Path> localFile(String path) throws IOException {
        return storage.localFile(path);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HaltingStorage && ((HaltingStorage) other).storage.equals(storage);
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
