package dev.tarn.engine.delta;

import dev.tarn.engine.cache.LocalFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import java.time.Clock;

/** The tables of a lake. Safe to share. */
public final class DeltaTables {

    private final Storage storage;
    private final DuckDb duckDb;
    private final Clock clock;
    private final LocalFiles localFiles;
    private final KernelEngine engine;
    private final NewestSnapshots newest;
    private final DeletionVectors deletionVectors = new DeletionVectors(this);

    public DeltaTables(Storage storage, DuckDb duckDb, Clock clock) {
        this.storage = storage;
        this.duckDb = duckDb;
        this.clock = clock;
        this.localFiles = new LocalFiles(storage, duckDb);
        this.engine = new KernelEngine(storage, localFiles, duckDb);
        this.newest = new NewestSnapshots(engine);
    }

    /** The table of that name, be it there or not. Cheap. */
    public DeltaTable table(TableName name) {
        return new DeltaTable(name, this);
    }

    Storage storage() {
        return storage;
    }

    LocalFiles localFiles() {
        return localFiles;
    }

    DuckDb duckDb() {
        return duckDb;
    }

    Clock clock() {
        return clock;
    }

    KernelEngine engine() {
        return engine;
    }

    NewestSnapshots newest() {
        return newest;
    }

    DeletionVectors deletionVectors() {
        return deletionVectors;
    }
}
