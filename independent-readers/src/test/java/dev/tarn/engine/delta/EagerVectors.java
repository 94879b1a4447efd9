package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.Storage;
import java.time.Clock;

/** Tables whose files get deletion vectors however small they are, as those of large tables do. */
public final class EagerVectors {

    private EagerVectors() {}

    public static DeltaTables tables(Storage storage, DuckDb duckDb) {
        return new DeltaTables(
                storage, duckDb, Clock.systemUTC(), new WritePolicy(0, 0.9, 0.9, Retries.usual(Pause.real())));
    }
}
