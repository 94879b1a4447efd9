package dev.tarn.local.run;

import dev.tarn.connect.postgres.Publish;
import dev.tarn.connect.postgres.Published;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The publication of one gold table. */
record PublishJob(Lake lake, PostgresSink sink, PostgresSink.Table table, Publish publish, UpListener listener)
        implements Job {

    @Override
    public Stage stage() {
        return Stage.PUBLISH;
    }

    @Override
    public String name() {
        return sink.name() + " " + table.schema() + "." + table.table();
    }

    @Override
    public Set<TableName> inputs() {
        return Set.of(table.from());
    }

    @Override
    public Optional<TableName> output() {
        return Optional.empty();
    }

    @Override
    public Result run() {
        Optional<TableSnapshot> gold = lake.table(table.from()).snapshot();
        // Version 0 is a table that was made and never filled: publishing it would empty the sink.
        if (gold.isEmpty() || gold.get().version() == 0) {
            return Result.WAITING;
        }
        Instant started = lake.clock().instant();
        try {
            listener.during(stage() + " " + name(), () -> publish.publish(table))
                    .ifPresent(published -> tell(published, started));
        } catch (TarnException refusal) {
            Problem first = refusal.problems().get(0);
            record(
                    started,
                    gold.get().version(),
                    new UpdateStats(0, 0, 0, 0, List.of(), tookSince(started)),
                    new UpdateRecord.Failure(first.code(), first.what(), first.mend()));
            throw refusal;
        }
        return Result.DONE;
    }

    private void tell(Published published, Instant started) {
        long rows = lake.table(table.from()).snapshotAt(published.goldVersion()).numRecords();
        UpdateStats stats = new UpdateStats(rows, rows, 0, published.bytesFetched(), List.of(), tookSince(started));
        record(started, published.goldVersion(), stats, null);
        listener.step(new Step.Published(
                name(), rows, published.inserted(), published.updated(), published.deleted(), published.took()));
    }

    private Duration tookSince(Instant started) {
        return Duration.between(started, lake.clock().instant());
    }

    private void record(Instant started, long version, UpdateStats stats, UpdateRecord.@Nullable Failure failure) {
        new EventLog(lake)
                .record(new UpdateRecord(
                        lake.newUpdateId(),
                        UpdateRecord.Kind.PUBLISH,
                        sink.name() + "." + table.schema() + "." + table.table(),
                        table.from(),
                        version,
                        false,
                        started,
                        stats,
                        failure));
    }
}
