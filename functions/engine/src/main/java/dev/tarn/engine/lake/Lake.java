package dev.tarn.engine.lake;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.DeltaTables;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.time.Clock;

/** One lake and what a process needs to work on it. Safe for use by several threads; closing it closes DuckDB. */
public final class Lake implements AutoCloseable {

    private final Storage storage;
    private final DuckDb duckDb;
    private final Clock clock;
    private final DeltaTables tables;
    private final UpdateIds updateIds;

    private Lake(Storage storage, DuckDb duckDb, Clock clock) {
        this.storage = storage;
        this.duckDb = duckDb;
        this.clock = clock;
        this.tables = new DeltaTables(storage, duckDb, clock);
        this.updateIds = new UpdateIds(clock);
    }

    /**
     * Starts to load what any lake needs, beside whatever the process does next: most of what its first read costs. To be
     * called first thing.
     */
    public static void preload() {
        DeltaTables.preload();
    }

    /**
     * Opens the lake at {@code storage}, or founds it where nothing is yet. Takes {@code duckDb} over.
     *
     * @throws dev.tarn.model.TarnException LAKE_NOT_WRITABLE, LAKE_FORMAT_NEWER or LAKE_DAMAGED
     */
    public static Lake open(Storage storage, DuckDb duckDb, Clock clock) {
        LakeFormat.check(storage);
        return new Lake(storage, duckDb, clock);
    }

    /** The table of that name, whether or not it exists yet. */
    public DeltaTable table(TableName name) {
        return tables.table(name);
    }

    /** The table at that place, whether or not it exists yet. */
    public DeltaTable table(TableLocation location) {
        return tables.table(location);
    }

    public Storage storage() {
        return storage;
    }

    public DuckDb duckDb() {
        return duckDb;
    }

    public Clock clock() {
        return clock;
    }

    /** A new id, later than all that this process gave before. */
    public UpdateId newUpdateId() {
        return updateIds.next();
    }

    @Override
    public void close() {
        duckDb.close();
    }
}
