package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Files of a lake that sessions of this process read, or have written and not committed yet. They are not deleted, however
 * old they are: a query may run on while the table it reads goes on. Paths are relative to the lake's root.
 */
final class Pins {

    private static final Map<Storage, Pins> OF_LAKES = new ConcurrentHashMap<>();

    private final Map<String, Integer> holders = new ConcurrentHashMap<>();

    /** Taken for reading to hold a file, for writing to delete one: in turn, so that queries wait for one deletion at most. */
    private final ReadWriteLock deleting = new ReentrantReadWriteLock(true);

    private Pins() {}

    /** The pins of the lake, one for all who know it in this process. */
    static Pins of(Storage storage) {
        return OF_LAKES.computeIfAbsent(storage, absent -> new Pins());
    }

    /** Keeps the files, those that are there now, until the session is closed. */
    void hold(Session session, Collection<String> paths) {
        List<String> held = List.copyOf(paths);
        deleting.readLock().lock();
        try {
            held.forEach(path -> holders.merge(path, 1, Integer::sum));
        } finally {
            deleting.readLock().unlock();
        }
        session.keep(() -> held.forEach(this::release));
    }

    private void release(String path) {
        holders.computeIfPresent(path, (file, count) -> count == 1 ? null : count - 1);
    }

    /** The files that are held now. */
    Set<String> held() {
        return Set.copyOf(holders.keySet());
    }

    /** Deletes the file and answers true, or answers false when somebody holds it. */
    boolean delete(Storage storage, String path) throws IOException {
        deleting.writeLock().lock();
        try {
            if (holders.containsKey(path)) {
                return false;
            }
            storage.delete(path);
            return true;
        } finally {
            deleting.writeLock().unlock();
        }
    }
}
