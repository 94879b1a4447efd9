package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.postgres.CopyFeed;
import dev.tarn.connect.postgres.CopyRequest;
import java.io.IOException;
import java.sql.SQLException;

/**
 * A table as one snapshot of its database has it, and what is read of it.
 *
 * @param database whose transaction has the snapshot
 */
record TableInSnapshot(SourceDatabase database, SourceState state, SourceTable found, ColumnPlan plan) {

    TableInSnapshot {
        requireNonNull(database, "database");
        requireNonNull(state, "state");
        requireNonNull(found, "found");
        requireNonNull(plan, "plan");
    }

    CopyRequest request() {
        return plan.request(found, state);
    }

    /** Starts reading the rows for which the condition holds. */
    CopyFeed rows(String condition) throws SQLException, IOException {
        return database.copy(request(), condition);
    }

    /** Throws why the feed broke off, or that rows got lost between it and what was {@code written}. */
    void requireAll(CopyFeed feed, long written) {
        Exception cause = feed.failure().orElse(null);
        if (cause instanceof SQLException broken) {
            throw database.failed(found.relation() + " was read", broken);
        }
        if (cause != null || feed.rows() != written) {
            throw new IllegalStateException(
                    "of " + found.relation() + " " + feed.rows() + " rows were read and " + written + " written",
                    cause);
        }
    }
}
