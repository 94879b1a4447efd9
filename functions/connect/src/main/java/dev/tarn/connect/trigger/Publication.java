package dev.tarn.connect.trigger;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.postgres.Publish;
import dev.tarn.connect.postgres.Published;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.delta.TableVersion;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The publication of one table, and its record in the event log. One object for as long as a process publishes it. */
public final class Publication {

    private final Lake lake;
    private final PostgresSink sink;
    private final PostgresSink.Table table;
    private final Supplier<Publish> publish;
    private final FailedAttempts failed;

    /** The version that the target was found to hold, or made to; null before. */
    private @Nullable TableVersion held;

    /** @param publish asked for when there is something to publish */
    public Publication(Lake lake, PostgresSink sink, PostgresSink.Table table, Supplier<Publish> publish) {
        this.lake = requireNonNull(lake, "lake");
        this.sink = requireNonNull(sink, "sink");
        this.table = requireNonNull(table, "table");
        this.publish = requireNonNull(publish, "publish");
        this.failed = new FailedAttempts(lake.storage());
    }

    /** What became of it; a failure is an exception instead. */
    public sealed interface Outcome {

        /** There is no table yet, or nothing was ever written to it. */
        record Waiting() implements Outcome {}

        /** The target holds the newest version. */
        record NothingNew() implements Outcome {}

        /**
         * The target holds another version now.
         *
         * @param rows of the table in the lake
         */
        record Sent(long rows, Published published) implements Outcome {}
    }

    /** The sink and its table: {@code portal reporting.revenue}. */
    public String name() {
        return sink.name() + " " + table.schema() + "." + table.table();
    }

    /** What is published. */
    public PostgresSink.Table table() {
        return table;
    }

    /**
     * Makes the target hold the newest version. Whoever comes meanwhile waits, and then finds nothing to do.
     *
     * @throws TarnException as {@link Publish#publish}, once the event log knows
     */
    public synchronized Outcome run() {
        Optional<TableVersion> newest = lake.table(table.from()).newestVersion();
        if (newest.isPresent() && newest.get().equals(held)) {
            return new Outcome.NothingNew();
        }
        Optional<TableSnapshot> from = lake.table(table.from()).snapshot();
        // Version 0 is a table that was made and never filled: publishing it would empty the sink.
        if (from.isEmpty() || from.get().version() == 0) {
            return new Outcome.Waiting();
        }
        Instant started = lake.clock().instant();
        try {
            Outcome outcome = publish.get()
                    .publish(table)
                    .map(published -> sent(published, started))
                    .orElseGet(Outcome.NothingNew::new);
            held = new TableVersion(from.get().tableId(), from.get().version());
            failed.forget(UpdateRecord.Kind.PUBLISH, name());
            return outcome;
        } catch (TarnException refusal) {
            UpdateRecord.Failure failure = UpdateRecord.Failure.of(refusal);
            UpdateId update = record(
                    started, from.get().version(), new UpdateStats(0, 0, 0, 0, List.of(), tookSince(started)), failure);
            failed.count(
                    UpdateRecord.Kind.PUBLISH,
                    name(),
                    refusal,
                    update.toString(),
                    lake.clock().instant());
            throw refusal;
        }
    }

    private Outcome sent(Published published, Instant started) {
        long rows = lake.table(table.from()).snapshotAt(published.goldVersion()).numRecords();
        record(
                started,
                published.goldVersion(),
                new UpdateStats(rows, rows, 0, published.bytesFetched(), List.of(), tookSince(started)),
                null);
        return new Outcome.Sent(rows, published);
    }

    private Duration tookSince(Instant started) {
        return Duration.between(started, lake.clock().instant());
    }

    private UpdateId record(Instant started, long version, UpdateStats stats, UpdateRecord.@Nullable Failure failure) {
        UpdateId id = lake.newUpdateId();
        new EventLog(lake)
                .record(new UpdateRecord(
                        id,
                        UpdateRecord.Kind.PUBLISH,
                        sink.name() + "." + table.schema() + "." + table.table(),
                        table.from(),
                        version,
                        false,
                        started,
                        stats,
                        failure));
        return id;
    }
}
