package dev.tarn.engine.flow;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Flow;
import dev.tarn.model.TableCommitted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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

    /** Sources over which a view came out as it was, so without a commit that would remember them; by flow. */
    private final Map<String, Computed> unchanged = new ConcurrentHashMap<>();

    private record Computed(long targetVersion, FlowProgress sources) {}

    public Updates(Lake lake, ZoneId timezone) {
        this(lake, timezone, Pause.real());
    }

    /** @param pause lets the time pass in which updates gather what comes during a burst */
    public Updates(Lake lake, ZoneId timezone, Pause pause) {
        this.lake = lake;
        this.timezone = timezone;
        this.eventLog = new EventLog(lake);
        this.pace = new Pace(lake.clock(), pause);
    }

    /**
     * Brings the flow's target up to date. Whoever runs the flow looks at the sources once more when done, so this leaves
     * at once when somebody does, in this process or with the flow's lease. The lease only spares double work.
     *
     * @throws dev.tarn.model.TarnException EXPECTATION_FAILED, UPDATE_FAILED, SOURCE_RECREATED and what tables refuse; the
     *     target is as it was
     */
    public UpdateOutcome run(Flow flow) {
        return inTurn(flow, () -> look(flow));
    }

    /**
     * As {@link #run}, because of a commit to a table that the flow reads. Costs three requests at most when there is
     * nothing to do, however many tables the flow reads, for only that one is looked at.
     */
    public UpdateOutcome wake(Flow flow, TableCommitted commit) {
        return inTurn(flow, () -> look(flow, commit));
    }

    private UpdateOutcome inTurn(Flow flow, Supplier<Optional<UpdateOutcome>> firstLook) {
        if (!turns.begin(flow.id())) {
            return new UpdateOutcome.Busy();
        }
        boolean ended = false;
        try {
            Supplier<Optional<UpdateOutcome>> look = firstLook;
            while (true) {
                turns.tearUp(flow.id());
                @Nullable RuntimeException failure = null;
                UpdateOutcome outcome = new UpdateOutcome.NothingNew();
                try {
                    outcome = whileThereAreNews(flow, look);
                } catch (RuntimeException e) {
                    // Thrown unless the flow was woken meanwhile: then the next attempt tells.
                    failure = e;
                }
                ended = turns.end(flow.id());
                if (ended && failure != null) {
                    throw failure;
                }
                if (ended) {
                    return outcome;
                }
                look = () -> look(flow);
            }
        } finally {
            if (!ended) {
                turns.leave(flow.id());
            }
        }
    }

    /** The lease is given back before the sources are compared once more: whoever came meanwhile found it taken and left. */
    private UpdateOutcome whileThereAreNews(Flow flow, Supplier<Optional<UpdateOutcome>> firstLook) {
        UpdateOutcome outcome = firstLook.get().orElseGet(() -> underLease(flow));
        UpdateOutcome last = outcome;
        while (isUpdate(outcome)) {
            last = outcome;
            outcome = look(flow).orElseGet(() -> underLease(flow));
        }
        return last;
    }

    private static boolean isUpdate(UpdateOutcome outcome) {
        return outcome instanceof UpdateOutcome.Completed || outcome instanceof UpdateOutcome.Unchanged;
    }

    /** Empty when the sources have something that the target has not seen. */
    private Optional<UpdateOutcome> look(Flow flow) {
        // The target first: another process may update it between the two, from sources newer than those seen here.
        Seen seen = seen(flow);
        FlowInputs inputs = FlowInputs.newest(lake, flow);
        if (!inputs.missing().isEmpty()) {
            return Optional.of(new UpdateOutcome.Waiting(inputs.missing()));
        }
        return inputs.haveNews(seen) ? Optional.empty() : Optional.of(new UpdateOutcome.NothingNew());
    }

    /** As {@link #look(Flow)}, at one source; and not even there when the commit is later than what was seen. */
    private Optional<UpdateOutcome> look(Flow flow, TableCommitted commit) {
        Seen seen = seen(flow);
        long version = seen.source(commit.table()).map(SourceProgress::version).orElse(FlowInputs.UNFILLED);
        return commit.version() > version || FlowInputs.hasNews(lake, commit.table(), seen)
                ? Optional.empty()
                : Optional.of(new UpdateOutcome.NothingNew());
    }

    private UpdateOutcome underLease(Flow flow) {
        Optional<Lease> lease = lease(flow);
        if (lease.isEmpty()) {
            return new UpdateOutcome.Busy();
        }
        try {
            UpdateOutcome outcome = update(flow);
            UpdateOutcome last = outcome;
            while (isUpdate(outcome)) {
                last = outcome;
                // What comes all the time is gathered here, so that others find the lease taken.
                outcome = look(flow).orElseGet(() -> update(flow));
            }
            return last;
        } finally {
            lease.get().close();
        }
    }

    private UpdateOutcome update(Flow flow) {
        pace.rest(flow.id());
        while (true) {
            Seen seen = seen(flow);
            FlowInputs inputs = FlowInputs.newest(lake, flow);
            if (!inputs.missing().isEmpty()) {
                return new UpdateOutcome.Waiting(inputs.missing());
            }
            if (!inputs.haveNews(seen)) {
                return new UpdateOutcome.NothingNew();
            }
            Optional<UpdateOutcome> outcome = update(flow, inputs, seen);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
    }

    /** Empty when another writer was faster and the update has to be planned anew. */
    private Optional<UpdateOutcome> update(Flow flow, FlowInputs inputs, Seen seen) {
        try {
            Optional<UpdateOutcome> outcome = new Update(lake, timezone, eventLog, flow, inputs).run(seen);
            if (outcome.isPresent() && outcome.get() instanceof UpdateOutcome.Unchanged) {
                unchanged.put(flow.id(), new Computed(seen.version(), inputs.progress()));
            }
            return outcome;
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
        return computed != null && computed.targetVersion() == version
                ? new Seen(version, computed.sources())
                : new Seen(version, target.get().progress(flow.id()).orElse(null));
    }

    private Optional<Lease> lease(Flow flow) {
        try {
            return lake.storage().lease(EventLog.leasePath(flow.id()));
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of " + flow.id(), e);
        }
    }
}
