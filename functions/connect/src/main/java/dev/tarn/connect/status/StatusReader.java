package dev.tarn.connect.status;

import dev.tarn.connect.event.Canary;
import dev.tarn.connect.event.Passage;
import dev.tarn.connect.status.TableStatus.State;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.event.Attempts;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.UpdateId;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out how a lake stands, from its tables and its event log alone; whether anything runs on it does not matter. */
public final class StatusReader {

    /** Updates that are looked through for the newest of each table. */
    private static final int UPDATES = 1000;

    private final Lake lake;
    private final Plan plan;
    private final EventLog eventLog;
    private final FailedAttempts failed;

    public StatusReader(Lake lake, Plan plan) {
        this.lake = lake;
        this.plan = plan;
        this.eventLog = new EventLog(lake);
        this.failed = new FailedAttempts(lake.storage());
    }

    public LakeStatus status() {
        Map<String, UpdateRecord> newest = newestUpdates();
        Map<String, Attempts> sources = failing(UpdateRecord.Kind.EXTRACT);
        Map<String, Attempts> flows = failing(UpdateRecord.Kind.UPDATE);
        Map<TableName, TableStatus> tables = new HashMap<>();
        List<TableStatus> all = new ArrayList<>();
        for (TableSource source : plan.sources()) {
            for (TableSource.Table table : source.tables()) {
                State state = failed(sources.get(source.name()), Integer.MAX_VALUE)
                        .orElseGet(() -> landed(table.target(), newest, tables));
                all.add(add(tables, table.target(), state));
            }
        }
        Stream.concat(
                        plan.webhooks().stream()
                                .flatMap(source -> source.endpoints().stream())
                                .map(WebhookSource.Endpoint::target),
                        plan.drops().stream().map(FileDrop::target))
                .forEach(table -> all.add(add(tables, table, landed(table, newest, tables))));
        for (Flow flow : plan.flows()) {
            List<TableName> inputs =
                    flow.inputs().stream().map(Flow.Input::table).toList();
            Optional<Attempts> attempts =
                    Optional.ofNullable(flows.get(flow.id())).filter(known -> known.isOf(flow.hash()));
            State state = failed(attempts.orElse(null), plan.operation().attempts())
                    .orElseGet(() -> state(
                            exists(flow.target()),
                            Optional.ofNullable(newest.get(key(UpdateRecord.Kind.UPDATE, flow.target()))),
                            inputs,
                            tables));
            all.add(add(tables, flow.target(), state));
        }
        for (PostgresSink sink : plan.postgresSinks()) {
            for (PostgresSink.Table table : sink.tables()) {
                all.add(sinkTable(sink, table, newest.get(key(UpdateRecord.Kind.PUBLISH, table.from())), tables));
            }
        }
        return new LakeStatus(
                plan.project(),
                lake.storage().toString(),
                plan.timezone(),
                lake.clock().instant(),
                all,
                canary());
    }

    private @Nullable Passage canary() {
        try {
            return new Canary(lake).last().orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException("the canary", e);
        }
    }

    private State landed(TableName table, Map<String, UpdateRecord> newest, Map<TableName, TableStatus> tables) {
        Optional<UpdateRecord> last = Optional.ofNullable(newest.get(key(UpdateRecord.Kind.EXTRACT, table)));
        return state(exists(table), last, List.of(), tables);
    }

    private Map<String, UpdateRecord> newestUpdates() {
        Map<String, UpdateRecord> newest = new HashMap<>();
        eventLog.recent(UPDATES).forEach(update -> newest.putIfAbsent(key(update.kind(), update.table()), update));
        return newest;
    }

    private static String key(UpdateRecord.Kind kind, TableName table) {
        return kind + " " + table;
    }

    private Map<String, Attempts> failing(UpdateRecord.Kind kind) {
        return failed.all(kind).stream().collect(Collectors.toMap(Attempts::name, attempts -> attempts));
    }

    /** @param most attempts after which it is set aside */
    private static Optional<State> failed(@Nullable Attempts attempts, int most) {
        return Optional.ofNullable(attempts)
                .map(known -> new State.Failed(
                        known.failure().code().name(),
                        known.update() == null ? null : shortId(UpdateId.parse(known.update())),
                        known.count() >= most ? known.count() : 0,
                        known.failure().what(),
                        known.failure().mend()));
    }

    private boolean exists(TableName table) {
        return lake.table(table).snapshot().isPresent();
    }

    private TableStatus add(Map<TableName, TableStatus> tables, TableName name, State state) {
        Optional<TableSnapshot> snapshot = lake.table(name).snapshot();
        TableStatus status = new TableStatus(
                name.toString(),
                snapshot.map(table -> OptionalLong.of(table.version())).orElse(OptionalLong.empty()),
                snapshot.map(TableSnapshot::timestamp),
                snapshot.map(table -> OptionalLong.of(table.numRecords())).orElse(OptionalLong.empty()),
                state);
        tables.put(name, status);
        return status;
    }

    private static TableStatus sinkTable(
            PostgresSink sink, PostgresSink.Table table, UpdateRecord update, Map<TableName, TableStatus> tables) {
        Optional<UpdateRecord> last = Optional.ofNullable(update);
        Optional<Instant> published = last.filter(UpdateRecord::completed)
                .map(done -> done.started().plus(done.stats().took()));
        return new TableStatus(
                sink.name() + " " + table.schema() + "." + table.table(),
                OptionalLong.empty(),
                published,
                OptionalLong.empty(),
                state(last.isPresent(), last, List.of(table.from()), tables));
    }

    private static State state(
            boolean exists,
            Optional<UpdateRecord> last,
            Collection<TableName> inputs,
            Map<TableName, TableStatus> tables) {
        Optional<UpdateRecord> failed = last.filter(update -> !update.completed());
        UpdateRecord.Failure failure = failed.map(UpdateRecord::failure).orElse(null);
        if (failure != null) {
            return new State.Failed(
                    failure.code().name(), shortId(failed.get().id()), 0, failure.what(), failure.mend());
        }
        for (TableName input : inputs) {
            TableStatus status = tables.get(input);
            if (status == null || !(status.state() instanceof State.Ok)) {
                return new State.Waits(input.toString());
            }
        }
        return exists ? new State.Ok() : new State.Empty();
    }

    /** The end of an update's id: its beginning is the time, which neighbours share. */
    public static String shortId(UpdateId id) {
        String text = id.toString();
        return text.substring(text.length() - 8);
    }
}
