package dev.tarn.engine.delta;

import dev.tarn.engine.cache.LocalFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import java.time.Clock;

/** The tables of a lake. Safe to share. */
public final class DeltaTables {

    private static final String NO_COLUMNS = "{\"type\":\"struct\",\"fields\":[]}";

    private final Storage storage;
    private final DuckDb duckDb;
    private final Clock clock;
    private final WritePolicy policy;
    private final LocalFiles localFiles;
    private final KernelEngine engine;
    private final NewestSnapshots newest;
    private final Pins pins;
    private final DeletionVectors deletionVectors = new DeletionVectors(this);

    /**
     * Starts to load what reading any table needs, DuckDB's library and Kernel's classes, beside whatever the caller does
     * next: most of what the first read in a process costs. To be called first thing.
     */
    public static void preload() {
        DuckDb.preload();
        // Kernel reads schemas with a library of its own, hundreds of classes that nothing else needs.
        Thread loader = new Thread(() -> DataTypeJsonSerDe.deserializeStructType(NO_COLUMNS), "kernel-preload");
        loader.setDaemon(true);
        loader.start();
    }

    public DeltaTables(Storage storage, DuckDb duckDb, Clock clock) {
        this(storage, duckDb, clock, WritePolicy.usual());
    }

    DeltaTables(Storage storage, DuckDb duckDb, Clock clock, WritePolicy policy) {
        this.storage = storage;
        this.duckDb = duckDb;
        this.clock = clock;
        this.policy = policy;
        this.localFiles = new LocalFiles(storage, duckDb);
        this.engine = new KernelEngine(storage, localFiles, duckDb);
        this.newest = new NewestSnapshots(engine);
        this.pins = Pins.of(storage);
    }

    /** The table of that name, be it there or not. Cheap. */
    public DeltaTable table(TableName name) {
        return table(TableLocation.of(name));
    }

    /** The table at that place, be it there or not. Cheap. */
    public DeltaTable table(TableLocation location) {
        return new DeltaTable(location, this);
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

    WritePolicy policy() {
        return policy;
    }

    KernelEngine engine() {
        return engine;
    }

    NewestSnapshots newest() {
        return newest;
    }

    Pins pins() {
        return pins;
    }

    DeletionVectors deletionVectors() {
        return deletionVectors;
    }
}
