package dev.tarn.engine.flow;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Flow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs updates of flows. Calls may come late, twice, out of order and from several threads and processes: an update goes
 * from what the target has seen to what there is, and what was seen is part of the target's own commit.
 */
public final class Updates {

    private final Lake lake;
    private final ZoneId timezone;
    private final EventLog eventLog;

    /** Sources over which a view came out as it was, so without a commit that would remember them; by flow. */
    private final Map<String, Computed> unchanged = new ConcurrentHashMap<>();

    private record Computed(long targetVersion, FlowProgress sources) {}

    public Updates(Lake lake, ZoneId timezone) {
        this.lake = lake;
        this.timezone = timezone;
        this.eventLog = new EventLog(lake);
    }

    /**
     * Brings the flow's target up to date. The lease only spares double work. It is given back before the sources are
     * compared once more: whoever came meanwhile found it taken and left.
     *
     * @throws dev.tarn.model.TarnException EXPECTATION_FAILED, UPDATE_FAILED, SOURCE_RECREATED and what tables refuse; the
     *     target is as it was
     */
    public UpdateOutcome run(Flow flow) {
        UpdateOutcome last = new UpdateOutcome.NothingNew();
        while (true) {
            UpdateOutcome outcome = underLease(flow);
            if (outcome instanceof UpdateOutcome.Completed || outcome instanceof UpdateOutcome.Unchanged) {
                last = outcome;
                continue;
            }
            return last instanceof UpdateOutcome.NothingNew ? outcome : last;
        }
    }

    private UpdateOutcome underLease(Flow flow) {
        FlowInputs inputs = FlowInputs.newest(lake, flow);
        if (!inputs.missing().isEmpty()) {
            return new UpdateOutcome.Waiting(inputs.missing());
        }
        if (!inputs.haveNews(seen(flow, lake.table(flow.target()).snapshot()))) {
            return new UpdateOutcome.NothingNew();
        }
        Optional<Lease> lease = lease(flow);
        if (lease.isEmpty()) {
            return new UpdateOutcome.Busy();
        }
        try {
            return update(flow);
        } finally {
            lease.get().close();
        }
    }

    private UpdateOutcome update(Flow flow) {
        while (true) {
            Optional<TableSnapshot> target = lake.table(flow.target()).snapshot();
            FlowInputs inputs = FlowInputs.newest(lake, flow);
            Optional<FlowProgress> seen = seen(flow, target);
            if (!inputs.missing().isEmpty() || !inputs.haveNews(seen)) {
                return new UpdateOutcome.NothingNew();
            }
            Update update = new Update(lake, timezone, eventLog, flow, inputs);
            long planned = target.map(TableSnapshot::version).orElse(Update.CREATED);
            Optional<UpdateOutcome> outcome = update.run(seen, planned);
            if (outcome.isPresent()) {
                if (outcome.get() instanceof UpdateOutcome.Unchanged && target.isPresent()) {
                    unchanged.put(flow.id(), new Computed(target.get().version(), inputs.progress()));
                }
                return outcome.get();
            }
        }
    }

    private Optional<FlowProgress> seen(Flow flow, Optional<TableSnapshot> target) {
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Computed computed = unchanged.get(flow.id());
        return computed != null && computed.targetVersion() == target.get().version()
                ? Optional.of(computed.sources())
                : target.get().progress(flow.id());
    }

    private Optional<Lease> lease(Flow flow) {
        try {
            return lake.storage().lease(EventLog.leasePath(flow.id()));
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of " + flow.id(), e);
        }
    }
}
