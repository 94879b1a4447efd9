package dev.tarn.engine.delta;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.DeltaHistoryManager;
import java.time.Instant;
import java.util.List;

/** Which version a table had at a moment, by the rules of Spark's {@code TIMESTAMP AS OF}. */
final class TimeTravel {

    private final TableSnapshot newest;
    private final DeltaTables lake;

    TimeTravel(TableSnapshot newest, DeltaTables lake) {
        this.newest = newest;
        this.lake = lake;
    }

    /** The last version that was committed at or before the moment, of which no fraction of a millisecond counts. */
    long version(Instant moment) {
        DeltaHistoryManager.Commit commit = nearest(moment.toEpochMilli());
        Instant committed = Instant.ofEpochMilli(commit.getTimestamp());
        if (committed.toEpochMilli() > moment.toEpochMilli()) {
            throw new TarnException(
                    ErrorCode.TABLE_NOT_FOUND,
                    newest.table() + " has no version of " + moment + ": the first that can be read is version "
                            + commit.getVersion() + ", of " + committed + ".",
                    "Ask for a moment from " + committed + " to " + newest.timestamp() + ", or for a version.");
        }
        if (commit.getVersion() == newest.version() && committed.toEpochMilli() < moment.toEpochMilli()) {
            throw new TarnException(
                    ErrorCode.TABLE_NOT_FOUND,
                    newest.table() + " has no version of " + moment + " yet: the newest is version " + newest.version()
                            + ", of " + committed + ".",
                    "Ask for a moment up to " + committed + ", or for the newest version.");
        }
        return commit.getVersion();
    }

    /** The first or the newest version for a moment outside of what can be read. */
    private DeltaHistoryManager.Commit nearest(long millis) {
        try {
            return DeltaHistoryManager.getActiveCommitAtTimestamp(
                    lake.engine(), newest.kernel(), newest.kernel().getLogPath(), millis, true, true, true, List.of());
        } catch (TableNotFoundException gone) {
            throw new TableLog(newest.table(), lake).absent();
        }
    }
}
