package dev.tarn.engine.delta;

import dev.tarn.engine.storage.Storage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The order in which threads of this process come to a table: who asks first is first. Safe to share. */
final class TableTurns {

    private record Place(Storage storage, TableLocation table) {}

    private final Map<Place, ReentrantLock> turns = new ConcurrentHashMap<>();

    /** To be locked for as long as the turn takes. */
    ReentrantLock at(Storage storage, TableLocation table) {
        return turns.computeIfAbsent(new Place(storage, table), absent -> new ReentrantLock(true));
    }
}
