package dev.tarn.engine.event;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One update as it is told to the event log.
 *
 * @param flow id of the flow, the extraction or the publication
 * @param table that is filled or, for a publication, read
 * @param baseVersion version of {@code table} before the update, -1 when it did not exist
 * @param commits whether a success comes with a commit to {@code table}; a publication and an update that found the result
 *     unchanged have none
 * @param failure why it failed, or null when it succeeded
 */
public record UpdateRecord(
        UpdateId id,
        Kind kind,
        String flow,
        TableName table,
        long baseVersion,
        boolean commits,
        Instant started,
        UpdateStats stats,
        @Nullable Failure failure) {

    /** Version of the stored form; a newer one is refused. */
    public static final int VERSION = 1;

    /** What the update was. */
    public enum Kind {
        EXTRACT,
        UPDATE,
        PUBLISH
    }

    /** Why an update failed, in the words of the {@link dev.tarn.model.Problem}. */
    public record Failure(ErrorCode code, String what, String mend) {}

    public UpdateRecord {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(table, "table");
        requireNonNull(started, "started");
        requireNonNull(stats, "stats");
        if (flow.isBlank()) {
            throw new IllegalArgumentException("an update belongs to a flow");
        }
    }

    /** Whether it succeeded. */
    public boolean completed() {
        return failure == null;
    }

    /** The same update, known to have failed. */
    UpdateRecord failed(Failure why) {
        return new UpdateRecord(id, kind, flow, table, baseVersion, commits, started, stats, why);
    }
}
