package dev.tarn.engine.event;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One update as it is told to the event log.
 *
 * @param flow id of the flow, the extraction or the publication
 * @param definition hash of the flow as it ran, null when what ran is no flow of a plan
 * @param table that is filled or, for a publication, read
 * @param baseVersion version of {@code table} before the update, -1 when it did not exist
 * @param commits whether a success comes with a commit to {@code table}; a publication and an update that found the result
 *     unchanged have none
 * @param version of {@code table} that the commit made, null when there is none or it is not known
 * @param recomputedFrom what a materialized view was computed from as a whole; empty for any other update
 * @param failure why it failed, or null when it succeeded
 */
public record UpdateRecord(
        UpdateId id,
        Kind kind,
        String flow,
        @Nullable String definition,
        TableName table,
        long baseVersion,
        boolean commits,
        @Nullable Long version,
        Instant started,
        List<SourceRead> recomputedFrom,
        UpdateStats stats,
        @Nullable Failure failure) {

    /** Version of the stored form; a newer one is refused. */
    public static final int VERSION = 2;

    /** What the update was. */
    public enum Kind {
        EXTRACT,
        UPDATE,
        PUBLISH
    }

    /** Why an update failed, in the words of the {@link dev.tarn.model.Problem}. */
    public record Failure(ErrorCode code, String what, String mend) {

        /** The first of its problems. */
        public static Failure of(TarnException refusal) {
            Problem first = refusal.problems().get(0);
            return new Failure(first.code(), first.what(), first.mend());
        }
    }

    public UpdateRecord {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(table, "table");
        requireNonNull(started, "started");
        requireNonNull(stats, "stats");
        recomputedFrom = List.copyOf(recomputedFrom);
        if (flow.isBlank()) {
            throw new IllegalArgumentException("an update belongs to a flow");
        }
    }

    /** Of something that is no flow of a plan, or of which no more is known. */
    public UpdateRecord(
            UpdateId id,
            Kind kind,
            String flow,
            TableName table,
            long baseVersion,
            boolean commits,
            Instant started,
            UpdateStats stats,
            @Nullable Failure failure) {
        this(id, kind, flow, null, table, baseVersion, commits, null, started, List.of(), stats, failure);
    }

    /** The same update, of a flow with that hash. */
    public UpdateRecord definedBy(String hash) {
        return with(hash, version, recomputedFrom, failure);
    }

    /** The same update, of a materialized view that was computed from these tables as a whole. */
    public UpdateRecord recomputedFrom(List<SourceRead> sources) {
        return with(definition, version, sources, failure);
    }

    /** Whether it succeeded. */
    public boolean completed() {
        return failure == null;
    }

    /** The same update, known to have made that version. */
    UpdateRecord committedAs(long made) {
        return with(definition, made, recomputedFrom, failure);
    }

    /** The same update, known to have failed. */
    UpdateRecord failed(Failure why) {
        return with(definition, version, recomputedFrom, why);
    }

    private UpdateRecord with(
            @Nullable String hash, @Nullable Long made, List<SourceRead> sources, @Nullable Failure why) {
        return new UpdateRecord(id, kind, flow, hash, table, baseVersion, commits, made, started, sources, stats, why);
    }
}
