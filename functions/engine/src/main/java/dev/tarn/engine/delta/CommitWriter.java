package dev.tarn.engine.delta;

import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
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

    private record Turn(Storage storage, TableName table) {}

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

    Commit append(TableSnapshot base, Written rows, CommitRequest request) {
        Features.checkWritable(table.name(), base.kernel());
        return inTurn(base, CommitFile.adding(lake, request, base, rows), request, false);
    }

    Commit replace(TableSnapshot base, Written rows, CommitRequest request) {
        Features.checkWritable(table.name(), base.kernel());
        Features.checkRowsMayGo(table.name(), base.kernel());
        return inTurn(base, CommitFile.replacing(lake, request, base, rows), request, true);
    }

    private Commit inTurn(TableSnapshot base, CommitFile file, CommitRequest request, boolean replaces) {
        ReentrantLock turn =
                TURNS.computeIfAbsent(new Turn(lake.storage(), table.name()), absent -> new ReentrantLock(true));
        turn.lock();
        try {
            return commit(base, file, request, replaces);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the commit to " + table.name() + " may have been written or not; running again finds out", e);
        } finally {
            turn.unlock();
        }
    }

    private Commit commit(TableSnapshot base, CommitFile file, CommitRequest request, boolean replaces)
            throws IOException {
        TableSnapshot planned = base;
        while (true) {
            // Looked at even before the first attempt: in a table that was made anew the attempt could succeed.
            TableSnapshot now = table.existingSnapshot();
            Optional<Commit> decided = decide(planned, now, request, replaces);
            if (decided.isPresent()) {
                return decided.get();
            }
            if (put(now.version() + 1, file.after(now.kernel()), request)) {
                return new Commit.Committed(now.version() + 1);
            }
            planned = now;
        }
    }

    /** Empty when the work may be committed after {@code now}. */
    private Optional<Commit> decide(TableSnapshot planned, TableSnapshot now, CommitRequest request, boolean replaces) {
        OptionalLong ours = now.versionOfUpdate(request.update(), planned.version());
        if (ours.isPresent()) {
            return Optional.of(new Commit.Committed(ours.getAsLong()));
        }
        if (now.updateNumber(request.flowId()).orElse(-1) >= request.updateNumber()) {
            return Optional.of(new Commit.AlreadyCommitted(now.version()));
        }
        boolean fits = now.tableId().equals(planned.tableId());
        Winners winners = new Winners(request, replaces);
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
