package dev.tarn.engine.flow;

import dev.tarn.engine.cdc.AppliedChanges;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.TableName;

/** A table that flows fill or filled, with what Tarn keeps beside it. */
public final class FilledTable {

    private FilledTable() {}

    /**
     * Deletes the table with all its versions, the rows that expectations kept aside of it and what AUTO CDC keeps. Begun and
     * not ended, it can be done again.
     */
    public static void drop(Lake lake, TableName table) {
        AppliedChanges.locations(table).forEach(kept -> lake.table(kept).drop());
        Quarantine.of(lake, table).ifPresent(DeltaTable::drop);
        // The table is what tells that there is something to delete: it goes last.
        lake.table(table).drop();
    }
}
