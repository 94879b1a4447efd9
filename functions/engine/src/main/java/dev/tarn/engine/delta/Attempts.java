package dev.tarn.engine.delta;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Plans work on a table and commits it; planned anew when another writer made the plan wrong, until that was too often. */
final class Attempts {

    /** Work that reads what it changes takes turns in a process: planned side by side, all plans but one are for nothing. */
    private static final TableTurns TURNS = new TableTurns();

    private final DeltaTable table;
    private final DeltaTables lake;
    private final CommitRequest request;

    Attempts(DeltaTable table, DeltaTables lake, CommitRequest request) {
        this.table = table;
        this.lake = lake;
        this.request = request;
    }

    Commit until(Function<TableSnapshot, TableChange> plan) {
        ReentrantLock turn = TURNS.at(lake.storage(), table.location());
        turn.lock();
        try {
            return inTurn(plan);
        } finally {
            turn.unlock();
        }
    }

    private Commit inTurn(Function<TableSnapshot, TableChange> plan) {
        Retries retries = lake.policy().retries();
        for (int attempt = 1; attempt <= retries.attempts(); attempt++) {
            TableChange change = plan.apply(table.existingSnapshot());
            if (change.isNothing() && request.flow().isEmpty()) {
                table.discard(change);
                return new Commit.Committed(change.base().version());
            }
            Commit commit = table.commit(change, request);
            if (commit instanceof Commit.Committed) {
                return commit;
            }
            table.discard(change);
            if (commit instanceof Commit.AlreadyCommitted) {
                return commit;
            }
            retries.rest(attempt);
        }
        throw retries.exhausted(table.location().name(), request.operation());
    }
}
