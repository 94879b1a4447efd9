package dev.tarn.engine.event;

import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The history of updates. A record is written before the commit it tells of, so that no commit goes untold; {@link #fold}
 * later moves the records into the table {@code tarn.event_log}, those without their commit as failed.
 */
public final class EventLog {

    /** The table of the history. */
    public static final TableName TABLE = new TableName(Layer.TARN, "event_log");

    /** Where a flow's lease is: whoever holds it runs the flow. */
    public static String leasePath(String flowId) {
        return "tarn/leases/" + flowId;
    }

    /** Updates among which a flow's last one is looked for. */
    private static final int HISTORY = 1000;

    private static final UpdateRecord.Failure INTERRUPTED = new UpdateRecord.Failure(
            ErrorCode.UPDATE_FAILED,
            "The update was interrupted before its commit.",
            "Nothing: the next update does its work.");

    private final Lake lake;
    private final PendingRecords records;
    private final EventTable table;

    public EventLog(Lake lake) {
        this.lake = lake;
        this.records = new PendingRecords(lake.storage());
        this.table = new EventTable(lake);
    }

    /** Writes the record; call it before the commit, or after a failure that nothing follows. */
    public void record(UpdateRecord update) {
        try {
            records.put(update);
        } catch (IOException e) {
            throw new UncheckedIOException("the event record of " + update.flow() + " cannot be written", e);
        }
    }

    /** Takes back the record of an update that came to nothing because another one was faster. */
    public void withdraw(UpdateRecord update) {
        try {
            records.delete(update);
        } catch (IOException e) {
            throw new UncheckedIOException("the event record of " + update.flow() + " cannot be taken back", e);
        }
    }

    /** The newest updates first, at most {@code limit}, folded or not; without those that are still running. */
    public List<UpdateRecord> recent(int limit) {
        Map<String, UpdateRecord> updates = new TreeMap<>(Comparator.reverseOrder());
        pending().forEach(update -> ended(update)
                .ifPresent(end -> updates.put(end.id().toString(), end)));
        table.newest(limit).forEach(update -> updates.put(update.id().toString(), update));
        return updates.values().stream().limit(limit).toList();
    }

    /** Whether the flow's last update failed, as far as the history reaches back. */
    public boolean lastFailed(String flow) {
        return recent(HISTORY).stream()
                .filter(update -> update.flow().equals(flow))
                .findFirst()
                .map(update -> !update.completed())
                .orElse(false);
    }

    /**
     * Moves the settled records into {@link #TABLE}. A second call, or one after a crash, moves nothing twice.
     *
     * @return records moved
     */
    public int fold() {
        Optional<Lease> lease = lease(TABLE.toString());
        if (lease.isEmpty()) {
            return 0;
        }
        try {
            List<UpdateRecord> settled = pending().stream()
                    .flatMap(update -> settled(update).stream())
                    .toList();
            if (settled.isEmpty() || !table.add(settled)) {
                return 0;
            }
            for (UpdateRecord update : settled) {
                records.delete(update);
            }
            return settled.size();
        } catch (IOException e) {
            throw new UncheckedIOException("folding the event records of the lake", e);
        } finally {
            lease.get().close();
        }
    }

    private List<UpdateRecord> pending() {
        try {
            return records.all();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the event records of the lake", e);
        }
    }

    /** The record as it ended; empty while its update may still be running. */
    private Optional<UpdateRecord> settled(UpdateRecord update) {
        Optional<UpdateRecord> ended = ended(update);
        if (ended.isPresent()) {
            return ended;
        }
        Optional<Lease> nobodyRuns = lease(update.flow());
        if (nobodyRuns.isEmpty()) {
            return Optional.empty();
        }
        try {
            return ended(update).or(() -> Optional.of(update.failed(INTERRUPTED)));
        } finally {
            nobodyRuns.get().close();
        }
    }

    /** The record as it ended; empty as long as its commit is not there. */
    private Optional<UpdateRecord> ended(UpdateRecord update) {
        if (!update.completed() || !update.commits()) {
            return Optional.of(update);
        }
        OptionalLong version = lake.table(update.table())
                .snapshot()
                .map(snapshot -> snapshot.versionOfUpdate(update.id(), update.baseVersion()))
                .orElse(OptionalLong.empty());
        return version.isPresent() ? Optional.of(update.committedAs(version.getAsLong())) : Optional.empty();
    }

    private Optional<Lease> lease(String flow) {
        try {
            return lake.storage().lease(leasePath(flow));
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of " + flow, e);
        }
    }
}
