package dev.tarn.engine.flow;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.Retries;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.delta.TableVersion;
import dev.tarn.engine.event.Attempts;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Flow;
import dev.tarn.model.Operation;
import dev.tarn.model.TableCommitted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs updates of flows. Calls may come late, twice, out of order and from several threads and processes: an update goes
 * from what the target has seen to what there is, and what was seen is part of the target's own commit. Of many calls one
 * does the work, and the others leave after few requests or none.
 */
public final class Updates {

    private final Lake lake;
    private final ZoneId timezone;
    private final EventLog eventLog;
    private final Turns turns = new Turns();
    private final Pace pace;
    private final Retries retries;
    private final Endurance endurance;

    /** Sources over which a view came out as it was, so without a commit that would remember them; by flow. */
    private final Map<String, Computed> unchanged = new ConcurrentHashMap<>();

    /** What targets had seen when this process looked last, by flow. It may be less than they have seen by now. */
    private final Map<String, FlowProgress> looked = new ConcurrentHashMap<>();

    private record Computed(long targetVersion, FlowProgress sources) {}

    public Updates(Lake lake, ZoneId timezone) {
        this(lake, timezone, Pause.real());
    }

    /** @param pause lets the time pass in which updates gather what comes during a burst */
    public Updates(Lake lake, ZoneId timezone, Pause pause) {
        this(lake, timezone, Operation.ATTEMPTS, pause);
    }

    /** @param attempts after which an update that fails over the same input is set aside */
    public Updates(Lake lake, ZoneId timezone, int attempts, Pause pause) {
        this.lake = lake;
        this.timezone = timezone;
        this.eventLog = new EventLog(lake);
        this.pace = new Pace(lake.clock(), pause);
        this.retries = Retries.usual(pause);
        this.endurance = new Endurance(lake, attempts);
    }

    /**
     * Brings the flow's target up to date. Whoever runs the flow looks at the sources once more when done, so this leaves
     * at once when somebody does, in this process or with the flow's lease. The lease only spares double work. What failed
     * over the same input as often as may be is set aside, which is no failure.
     *
     * @throws dev.tarn.model.TarnException EXPECTATION_FAILED, UPDATE_FAILED, SOURCE_RECREATED and what tables refuse; the
     *     target is as it was
     */
    public UpdateOutcome run(Flow flow) {
        return endurance.count(flow, () -> unlessRunning(flow, () -> look(flow)));
    }

    /** What the flow's target has seen, as far as this process knows; empty when it was never filled. */
    public Optional<FlowProgress> progress(Flow flow) {
        return Optional.ofNullable(seen(flow).progress());
    }

    /** Forgets that the flow failed, so that it is tried again although it was set aside. */
    public void tryAgain(Flow flow) {
        endurance.forget(flow);
    }

    /**
     * As {@link #run}, because of a commit to a table that the flow reads. Costs three requests at most when there is
     * nothing to do, however many tables the flow reads, for only that one is looked at.
     */
    public UpdateOutcome wake(Flow flow, TableCommitted commit) {
        return endurance.count(flow, () -> unlessRunning(flow, () -> look(flow, commit)));
    }

    /**
     * Makes the flow's target anew, in one commit, from all rows that its sources have now. The former version can be read
     * meanwhile.
     *
     * @return Busy when somebody runs the flow, Waiting when a source is not there
     * @throws dev.tarn.model.TarnException REFRESH_REFUSED when the table must not be, and as {@link #run}
     */
    public UpdateOutcome refresh(Flow flow) {
        Refresh.check(flow);
        return again(flow, true);
    }

    /**
     * Runs a flow that runs once a further time, over all rows that its sources have now. What it brought before stays.
     *
     * @return as {@link #refresh}
     * @throws dev.tarn.model.TarnException as {@link #run}
     */
    public UpdateOutcome replay(Flow flow) {
        if (!flow.effect().once()) {
            throw new IllegalArgumentException(flow.id() + " is no back-fill");
        }
        return again(flow, false);
    }

    private UpdateOutcome again(Flow flow, boolean anew) {
        Optional<Lease> lease = lease(flow);
        if (lease.isEmpty()) {
            return new UpdateOutcome.Busy();
        }
        try {
            endurance.forget(flow);
            return endurance.count(flow, () -> attempts(flow, Seen::forgotten, anew));
        } finally {
            lease.get().close();
        }
    }

    /**
     * Brings rows back that were kept aside of the flow's target and keep its expectations as they are now.
     *
     * @return how many; empty when somebody runs the flow
     * @throws dev.tarn.model.TarnException REPLAY_REFUSED for a materialized view, COMMIT_CONFLICT
     */
    public OptionalLong replayQuarantine(Flow flow) {
        Optional<Lease> lease = lease(flow);
        if (lease.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            QuarantineReplay replay = new QuarantineReplay(lake, flow);
            for (int attempt = 1; attempt <= retries.attempts(); attempt++) {
                Optional<Long> rows = replay.run();
                if (rows.isPresent()) {
                    return OptionalLong.of(rows.get());
                }
                retries.rest(attempt);
            }
            throw retries.exhausted(flow.target().toString(), "The replay");
        } finally {
            lease.get().close();
        }
    }

    private UpdateOutcome unlessRunning(Flow flow, Supplier<Optional<UpdateOutcome>> firstLook) {
        if (turns.note(flow.id())) {
            return new UpdateOutcome.Busy();
        }
        Optional<UpdateOutcome> nothing = firstLook.get();
        @Nullable UpdateOutcome last = null;
        while (nothing.isEmpty()) {
            UpdateOutcome outcome = underLease(flow);
            if (!isUpdate(outcome)) {
                return last == null ? outcome : last;
            }
            last = outcome;
            // The lease is given back by now: whoever came meanwhile found it taken, or the flow running, and left.
            nothing = look(flow);
        }
        return last == null ? nothing.get() : last;
    }

    private static boolean isUpdate(UpdateOutcome outcome) {
        return outcome instanceof UpdateOutcome.Completed || outcome instanceof UpdateOutcome.Unchanged;
    }

    /** Empty when the sources have something that the target has not seen. */
    private Optional<UpdateOutcome> look(Flow flow) {
        // The target first: another process may update it between the two, from sources newer than those seen here.
        Seen seen = seen(flow);
        SourceVersions versions = SourceVersions.newest(lake, flow);
        if (!versions.missing().isEmpty()) {
            return Optional.of(new UpdateOutcome.Waiting(versions.missing()));
        }
        return versions.haveNews(seen) ? Optional.empty() : Optional.of(new UpdateOutcome.NothingNew());
    }

    /**
     * As {@link #look(Flow)}, at what the commit can have changed, with few requests: a commit that comes late or again is
     * compared with what this process knows to be seen, and its table with that; any other one with what is seen by now.
     */
    private Optional<UpdateOutcome> look(Flow flow, TableCommitted commit) {
        Optional<SourceProgress> known =
                Optional.ofNullable(looked.get(flow.id())).flatMap(progress -> source(progress, commit));
        boolean news;
        if (known.isPresent() && known.get().version() >= commit.version()) {
            Optional<TableVersion> newest = lake.table(commit.table()).newestVersion();
            news = !newest.map(version -> progress(commit, version)).equals(known);
        } else {
            Optional<FlowProgress> progress = lake.table(flow.target()).progress(flow.id());
            news = progress.flatMap(found -> source(found, commit))
                    .filter(source -> source.version() >= commit.version())
                    .isEmpty();
            if (!news) {
                looked.put(flow.id(), progress.get());
            }
        }
        return news ? Optional.empty() : Optional.of(new UpdateOutcome.NothingNew());
    }

    private static Optional<SourceProgress> source(FlowProgress progress, TableCommitted commit) {
        return progress.source(commit.table().toString());
    }

    private static SourceProgress progress(TableCommitted commit, TableVersion newest) {
        return SourceProgress.ofTable(commit.table(), newest.tableId(), newest.version());
    }

    private UpdateOutcome underLease(Flow flow) {
        while (true) {
            Optional<Lease> lease = lease(flow);
            if (lease.isEmpty()) {
                return new UpdateOutcome.Busy();
            }
            boolean woken = false;
            @Nullable RuntimeException failure = null;
            try {
                turns.begin(flow.id());
                return updateWhileThereAreNews(flow);
            } catch (RuntimeException e) {
                failure = e;
            } finally {
                woken = turns.end(flow.id());
                lease.get().close();
            }
            if (!woken) {
                throw failure;
            }
            // Who came during the update that failed has left, so what it came for is tried here.
        }
    }

    /** What comes all the time is gathered here, so that others find the flow running. */
    private UpdateOutcome updateWhileThereAreNews(Flow flow) {
        UpdateOutcome outcome = update(flow);
        UpdateOutcome last = outcome;
        while (isUpdate(outcome)) {
            last = outcome;
            outcome = look(flow).orElseGet(() -> update(flow));
        }
        return last;
    }

    private UpdateOutcome update(Flow flow) {
        pace.rest(flow.id());
        return attempts(flow, seen -> seen, false);
    }

    private UpdateOutcome attempts(Flow flow, UnaryOperator<Seen> asSeen, boolean anew) {
        Optional<Attempts> failures = endurance.find(flow);
        for (int attempt = 1; attempt <= retries.attempts(); attempt++) {
            Seen seen = asSeen.apply(seen(flow));
            FlowInputs inputs = FlowInputs.newest(lake, flow);
            SourceVersions versions = inputs.versions();
            if (!versions.missing().isEmpty()) {
                return new UpdateOutcome.Waiting(versions.missing());
            }
            if (!versions.haveNews(seen)) {
                return new UpdateOutcome.NothingNew();
            }
            Optional<UpdateOutcome> aside = endurance.setAside(failures, versions.progress());
            if (aside.isPresent()) {
                return aside.get();
            }
            Optional<UpdateOutcome> outcome = update(flow, inputs, seen, anew);
            if (outcome.isPresent()) {
                failures.ifPresent(known -> endurance.forget(flow));
                return outcome.get();
            }
            retries.rest(attempt);
        }
        throw retries.exhausted(flow.target().toString(), "The update");
    }

    /** Empty when another writer was faster and the update has to be planned anew. */
    private Optional<UpdateOutcome> update(Flow flow, FlowInputs inputs, Seen seen, boolean anew) {
        Update update = new Update(lake, timezone, eventLog, flow, inputs, anew);
        try {
            Optional<UpdateOutcome> outcome = update.run(seen);
            if (outcome.isPresent() && outcome.get() instanceof UpdateOutcome.Unchanged) {
                unchanged.put(
                        flow.id(),
                        new Computed(seen.version(), inputs.versions().progress()));
            }
            return outcome;
        } catch (RuntimeException e) {
            endurance.failing(flow, update);
            throw e;
        } finally {
            pace.updated(flow.id());
        }
    }

    private Seen seen(Flow flow) {
        Optional<TableSnapshot> target = lake.table(flow.target()).snapshot();
        if (target.isEmpty()) {
            return Seen.NOTHING;
        }
        long version = target.get().version();
        Computed computed = unchanged.get(flow.id());
        @Nullable
        FlowProgress progress = computed != null && computed.targetVersion() == version
                ? computed.sources()
                : target.get().progress(flow.id()).orElse(null);
        if (progress != null) {
            looked.put(flow.id(), progress);
        }
        return new Seen(version, progress);
    }

    private Optional<Lease> lease(Flow flow) {
        try {
            return lake.storage().lease(EventLog.leasePath(flow.id()));
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of " + flow.id(), e);
        }
    }
}
