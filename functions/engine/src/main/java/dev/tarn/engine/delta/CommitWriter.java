package dev.tarn.engine.delta;

import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.SnapshotImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commits rows with optimistic concurrency. Whoever puts the next file into the log wins; who loses reads what the
 * winners did and either commits after them or leaves the work to be planned anew.
 */
final class CommitWriter {

    /** A commit that is merely late is written again as it is, which costs little. */
    private static final int RACES_PER_ATTEMPT = 10;

    private record Turn(Storage storage, TableLocation table) {}

    /** Writers of one process take turns, so that they do not lose races against one another. */
    private static final Map<Turn, ReentrantLock> TURNS = new ConcurrentHashMap<>();

    private final DeltaTable table;
    private final DeltaTables lake;
    private final TableLog log;

    CommitWriter(DeltaTable table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
        this.log = table.log();
    }

    Commit commit(TableChange change, CommitRequest request) {
        checkAllowed(change, request);
        ReentrantLock turn =
                TURNS.computeIfAbsent(new Turn(lake.storage(), table.location()), absent -> new ReentrantLock(true));
        turn.lock();
        try {
            return inTurn(change, request);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the commit to " + table.location() + " may have been written or not; running again finds out", e);
        } finally {
            turn.unlock();
        }
    }

    private void checkAllowed(TableChange change, CommitRequest request) {
        SnapshotImpl kernel = change.base().kernel();
        Features.checkWritable(table.location(), kernel);
        if (request.flow().isPresent()) {
            Features.checkKeepsProgress(table.location(), kernel);
        }
        if (change.parts().dataChange() && !change.parts().removed().isEmpty()) {
            Features.checkRowsMayGo(table.location(), kernel);
        }
    }

    private Commit inTurn(TableChange change, CommitRequest request) throws IOException {
        CommitFile file = new CommitFile(lake, request, change);
        TableSnapshot planned = change.base();
        for (int race = 1; race <= lake.policy().attempts() * RACES_PER_ATTEMPT; race++) {
            // Looked at even before the first attempt: in a table that was made anew the attempt could succeed.
            TableSnapshot now = table.existingSnapshot();
            Optional<Commit> decided = decide(planned, now, change, request);
            if (decided.isPresent()) {
                return decided.get();
            }
            if (put(now.version() + 1, file.after(now.kernel()), request)) {
                return new Commit.Committed(now.version() + 1);
            }
            planned = now;
            lake.policy().rest(race);
        }
        return new Commit.Overtaken(planned.version());
    }

    /** Empty when the work may be committed after {@code now}. */
    private Optional<Commit> decide(
            TableSnapshot planned, TableSnapshot now, TableChange change, CommitRequest request) {
        OptionalLong ours = now.versionOfUpdate(request.update(), planned.version());
        if (ours.isPresent()) {
            return Optional.of(new Commit.Committed(ours.getAsLong()));
        }
        Optional<FlowStep> step = request.flow();
        if (step.isPresent()
                && now.updateNumber(step.get().flowId()).orElse(-1)
                        >= step.get().number()) {
            return Optional.of(new Commit.AlreadyCommitted(now.version()));
        }
        boolean fits = now.tableId().equals(planned.tableId());
        Winners winners = new Winners(change, request);
        for (long version = planned.version() + 1; fits && version <= now.version(); version++) {
            fits = log.forEachAction(now.commit(version), winners::look) && winners.stillFits();
        }
        return fits ? Optional.empty() : Optional.of(new Commit.Overtaken(now.version()));
    }

    /**
     * Whether the commit is in the log as {@code version}. A storage may say "exists", or fail, although it was our own
     * file that arrived; only the file itself tells.
     */
    private boolean put(long version, byte[] content, CommitRequest request) throws IOException {
        Optional<String> writer;
        try {
            if (lake.storage().putIfAbsent(log.path(version), content)) {
                return true;
            }
            writer = log.writerOf(log.commit(version));
        } catch (IOException | TarnException failure) {
            writer = writerOf(version, failure);
            if (writer.isEmpty()) {
                throw failure;
            }
        }
        return writer.orElseThrow(() -> new IOException(log.path(version) + " exists and cannot be read"))
                .equals(request.update().toString());
    }

    private Optional<String> writerOf(long version, Exception failure) {
        try {
            return log.writerOf(log.commit(version));
        } catch (UncheckedIOException | TarnException e) {
            failure.addSuppressed(e);
            return Optional.empty();
        }
    }
}
