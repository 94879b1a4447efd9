package dev.tarn.engine.flow;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.DeployedPlan;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs the flows that commits wake, by the plan that is deployed in the lake. Safe to share, and meant to be. */
public final class Wakes {

    static final Duration PLAN_AGE = DeployedPlan.AGE;

    private final Lake lake;
    private final Pause pause;
    private final DeployedPlan deployed;

    /** One for all events: it knows who runs, and which views came out as they were. */
    private final Map<How, Updates> updates = new ConcurrentHashMap<>();

    /** What of a plan decides how its flows run. */
    private record How(ZoneId timezone, int attempts) {}

    public Wakes(Lake lake) {
        this(lake, Pause.real());
    }

    /** @param pause lets the time pass in which updates gather what comes during a burst */
    public Wakes(Lake lake, Pause pause) {
        this(lake, pause, new DeployedPlan(lake));
    }

    /** @param deployed that others ask, too */
    public Wakes(Lake lake, Pause pause, DeployedPlan deployed) {
        this.lake = lake;
        this.pause = pause;
        this.deployed = deployed;
    }

    /**
     * Runs every flow that reads the table. A flow that fails does not keep the others from running; its failure is thrown
     * when they have, so that the event is delivered again.
     *
     * @param enough asked between flows; once it says so, the rest is left
     * @param told hears what became of each flow that did not fail
     * @return the flows that were left
     * @throws TarnException PROJECT_NOT_FOUND when no plan is deployed, and the problems of every flow that failed
     */
    public List<Flow> wake(TableCommitted commit, BooleanSupplier enough, BiConsumer<Flow, UpdateOutcome> told) {
        Plan plan = deployed.find()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.PROJECT_NOT_FOUND,
                        "The lake has no plan, so version " + commit.version() + " of " + commit.table()
                                + " wakes nothing.",
                        "Deploy the project to this lake."));
        Updates flows = updates(plan);
        return each(plan.flowsReading(commit.table()), enough, flow -> told.accept(flow, flows.wake(flow, commit)));
    }

    /**
     * Runs every flow of the plan whose sources have what its target has not seen, whether or not an event told of it:
     * sources before what reads them. The rest is as for {@link #wake}.
     */
    public List<Flow> sweep(Plan plan, BooleanSupplier enough, BiConsumer<Flow, UpdateOutcome> told) {
        Updates flows = updates(plan);
        return each(plan.flows(), enough, flow -> told.accept(flow, flows.run(flow)));
    }

    /** Runs one flow of the plan, as a sweep does. */
    public UpdateOutcome run(Plan plan, Flow flow) {
        return updates(plan).run(flow);
    }

    private static List<Flow> each(List<Flow> flows, BooleanSupplier enough, Consumer<Flow> run) {
        Failures failures = new Failures();
        int done = 0;
        // Something is done by everybody, so that many short invocations get as far as a long one.
        while (done < flows.size() && (done == 0 || !enough.getAsBoolean())) {
            Flow flow = flows.get(done);
            failures.attempt(() -> run.accept(flow));
            done++;
        }
        failures.throwIfAny();
        return flows.subList(done, flows.size());
    }

    /** What the flow's target has seen, as far as this process knows; empty when it was never filled. */
    public Optional<FlowProgress> progress(Plan plan, Flow flow) {
        return updates(plan).progress(flow);
    }

    private Updates updates(Plan plan) {
        return updates.computeIfAbsent(
                new How(plan.timezone(), plan.operation().attempts()),
                how -> new Updates(lake, how.timezone(), how.attempts(), pause));
    }
}
