package dev.tarn.connect.alarm;

import dev.tarn.connect.event.Canary;
import dev.tarn.connect.status.StatusReader;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.event.Attempts;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.AlarmType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with a lake, from what stands in it. */
final class Causes {

    /** A table is stale when it is half as much older again than it may be: at its age itself every look would cry. */
    private static final double STALE = 1.5;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Lake lake;
    private final Plan plan;
    private final Instant now;
    private final FailedAttempts failed;

    Causes(Lake lake, Plan plan) {
        this.lake = lake;
        this.plan = plan;
        this.now = lake.clock().instant();
        this.failed = new FailedAttempts(lake.storage());
    }

    /**
     * All that is wrong now.
     *
     * @param seen what a flow has seen; null where nobody knows, and then no table is called stale
     */
    List<Cause> find(@Nullable Function<Flow, Optional<FlowProgress>> seen) {
        List<Cause> causes = new ArrayList<>();
        List<Attempts> flows = failed.all(UpdateRecord.Kind.UPDATE);
        for (Flow flow : plan.flows()) {
            Optional<Attempts> failing = flows.stream()
                    .filter(attempts -> attempts.name().equals(flow.id()) && attempts.isOf(flow.hash()))
                    .findFirst();
            failing.flatMap(attempts -> failing(flow, attempts)).ifPresent(causes::add);
            if (failing.isEmpty() && seen != null) {
                stale(flow, seen).ifPresent(causes::add);
            }
        }
        failed.all(UpdateRecord.Kind.EXTRACT)
                .forEach(attempts -> source(attempts).ifPresent(causes::add));
        failed.all(UpdateRecord.Kind.PUBLISH).forEach(attempts -> sink(attempts).ifPresent(causes::add));
        aside().forEach(causes::add);
        if (seen != null) {
            lostEvents().ifPresent(causes::add);
        }
        causes.addAll(new InboxCauses(lake, plan).find());
        causes.addAll(new DropCauses(lake, plan).find());
        return causes;
    }

    private Optional<Cause> lostEvents() {
        try {
            return new Canary(lake)
                    .late()
                    .map(canary -> new Cause(
                            AlarmType.STALE,
                            "events of " + canary.waitsIn().folder(),
                            null,
                            null,
                            null,
                            "The canary that was sent at " + time(canary.sent()) + " waits in "
                                    + canary.waitsIn().folder() + ": events of that container do not arrive.",
                            "What comes to " + canary.waitsIn().folder()
                                    + " is taken by the next sweep only, so it is late but not lost.",
                            "See in the portal whether the container's Event Grid subscription is there and delivers; "
                                    + "infra-bicep/deploy makes it anew.",
                            0,
                            false));
        } catch (IOException e) {
            throw new UncheckedIOException("the canary", e);
        }
    }

    private Optional<Cause> failing(Flow flow, Attempts attempts) {
        if (isTransient(attempts)) {
            return lastsTooLong(attempts.since())
                    ? Optional.of(cause(AlarmType.STALE, flow, attempts, false))
                    : Optional.empty();
        }
        boolean setAside = attempts.count() >= plan.operation().attempts();
        return Optional.of(cause(type(attempts, AlarmType.UPDATE_FAILED), flow, attempts, setAside));
    }

    private Cause cause(AlarmType type, Flow flow, Attempts attempts, boolean setAside) {
        String mend = attempts.failure().mend();
        if (attempts.update() != null) {
            mend += " See " + command("runs show " + shortId(attempts.update())) + ".";
        }
        if (setAside) {
            mend += " Then " + command("update " + flow.target()) + ".";
        }
        return new Cause(
                type,
                flow.target().toString(),
                flow.id(),
                attempts.update() == null ? null : shortId(attempts.update()),
                attempts.failure().code().name(),
                attempts.failure().what(),
                stays(flow.target()),
                mend,
                attempts.count(),
                setAside);
    }

    private Optional<Cause> stale(Flow flow, Function<Flow, Optional<FlowProgress>> seen) {
        if (flow.effect().once()) {
            return Optional.empty();
        }
        Optional<FlowProgress> progress = seen.apply(flow);
        for (Flow.Input input : flow.inputs()) {
            Optional<Instant> since = unseenSince(input.table(), progress);
            if (since.filter(this::lastsTooLong).isPresent()) {
                return Optional.of(new Cause(
                        AlarmType.STALE,
                        flow.target().toString(),
                        flow.id(),
                        null,
                        null,
                        flow.target() + " has not taken what came to " + input.table() + " at " + time(since.get())
                                + ".",
                        stays(flow.target()),
                        "See that the functions or tarn up run, and " + command("status") + ". Then "
                                + command("update " + flow.target()) + ".",
                        0,
                        false));
            }
        }
        return Optional.empty();
    }

    /** When the oldest version came that was not seen; empty when all were. */
    private Optional<Instant> unseenSince(TableName input, Optional<FlowProgress> progress) {
        Optional<TableSnapshot> newest = lake.table(input).snapshot();
        if (newest.isEmpty() || newest.get().version() == 0) {
            return Optional.empty();
        }
        Long version = progress.flatMap(known -> known.source(input.toString()))
                .map(source -> source.version())
                .orElse(0L);
        if (version >= newest.get().version()) {
            return Optional.empty();
        }
        try {
            return Optional.of(lake.table(input).snapshotAt(version + 1).timestamp());
        } catch (RuntimeException tooLongAgo) {
            return Optional.of(newest.get().timestamp());
        }
    }

    private Optional<Cause> source(Attempts attempts) {
        Optional<TableSource> source = plan.sources().stream()
                .filter(one -> one.name().equals(attempts.name()))
                .findFirst();
        if (source.isEmpty() || isTransient(attempts) && !lastsTooLong(attempts.since())) {
            return Optional.empty();
        }
        AlarmType type = isTransient(attempts) ? AlarmType.STALE : type(attempts, AlarmType.UPDATE_FAILED);
        return Optional.of(new Cause(
                type,
                attempts.name(),
                null,
                null,
                attempts.failure().code().name(),
                attempts.failure().what(),
                "The bronze tables of " + attempts.name() + ", and what is made from them, get nothing new since "
                        + time(attempts.since()) + ".",
                attempts.failure().mend() + " Check it with " + command("doctor") + ".",
                attempts.count(),
                false));
    }

    private Optional<Cause> sink(Attempts attempts) {
        Optional<PostgresSink.Table> table = plan.postgresSinks().stream()
                .flatMap(sink ->
                        sink.tables().stream().filter(one -> name(sink, one).equals(attempts.name())))
                .findFirst();
        if (table.isEmpty() || isTransient(attempts) && !lastsTooLong(attempts.since())) {
            return Optional.empty();
        }
        return Optional.of(new Cause(
                AlarmType.PUBLISH_BLOCKED,
                attempts.name(),
                null,
                attempts.update() == null ? null : shortId(attempts.update()),
                attempts.failure().code().name(),
                attempts.failure().what(),
                attempts.name() + " keeps what it shows since " + time(attempts.since()) + ", unchanged and whole.",
                attempts.failure().mend() + " Check it with " + command("doctor") + ".",
                attempts.count(),
                false));
    }

    private static String name(PostgresSink sink, PostgresSink.Table table) {
        return sink.name() + " " + table.schema() + "." + table.table();
    }

    private List<Cause> aside() {
        Set<TableName> tables = new TreeSet<>();
        plan.flows().stream()
                .filter(flow -> flow.expectations().stream()
                        .anyMatch(rule -> rule.onViolation() == Expectation.OnViolation.QUARANTINE))
                .map(Flow::target)
                .filter(table -> TableName.isTableName(table.table() + TableName.QUARANTINE))
                .forEach(tables::add);
        List<Cause> causes = new ArrayList<>();
        for (TableName table : tables) {
            long rows = lake.table(table.quarantine())
                    .snapshot()
                    .map(TableSnapshot::numRecords)
                    .orElse(0L);
            if (rows > 0) {
                causes.add(new Cause(
                        AlarmType.QUARANTINE,
                        table.toString(),
                        null,
                        null,
                        null,
                        rows + (rows == 1 ? " row is" : " rows are") + " kept aside of " + table + ".",
                        "They are missing in " + table + " and in what is made from it; nothing else is.",
                        "See them with " + command("quarantine show " + table)
                                + ". Mend the rows in the source or change the expectation, then "
                                + command("quarantine replay " + table) + ".",
                        0,
                        false));
            }
        }
        return causes;
    }

    private static AlarmType type(Attempts attempts, AlarmType otherwise) {
        return attempts.failure().code() == ErrorCode.SCHEMA_CHANGED ? AlarmType.SCHEMA_CHANGED : otherwise;
    }

    private static boolean isTransient(Attempts attempts) {
        return attempts.failure().code().retry() == ErrorCode.Retry.LATER;
    }

    private boolean lastsTooLong(Instant since) {
        long limit = (long) (plan.operation().freshness().toMillis() * STALE);
        return Duration.between(since, now).toMillis() > limit;
    }

    private String stays(TableName table) {
        int after = behind(table).size();
        String tables = after == 0 ? "" : " and " + after + (after == 1 ? " table" : " tables") + " made from it";
        String stay = after == 0 ? " stays" : " stay";
        return lake.table(table)
                        .snapshot()
                        .filter(snapshot -> snapshot.version() > 0)
                        .map(snapshot -> table + tables + stay + " as of " + time(snapshot.timestamp()))
                        .orElse(table + tables + stay + " empty")
                + "; nothing wrong was published.";
    }

    private Set<TableName> behind(TableName table) {
        Set<TableName> behind = new HashSet<>(Set.of(table));
        plan.flows().stream()
                .filter(flow -> flow.inputs().stream().anyMatch(input -> behind.contains(input.table())))
                .forEach(flow -> behind.add(flow.target()));
        behind.remove(table);
        return behind;
    }

    private String command(String words) {
        return "tarn " + words + " --target " + plan.operation().target();
    }

    private String time(Instant moment) {
        return TIME.format(moment.atZone(plan.timezone()));
    }

    private static String shortId(String update) {
        return StatusReader.shortId(UpdateId.parse(update));
    }
}
