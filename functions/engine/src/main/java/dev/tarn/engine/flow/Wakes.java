package dev.tarn.engine.flow;

import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Runs the flows that commits wake, by the plan that is deployed in the lake. Safe to share, and meant to be. */
public final class Wakes {

    /**
     * How long a plan is taken for the deployed one: people deploy now and then and wait for seconds, commits come by the
     * hundred, and each would cost a request more.
     */
    static final Duration PLAN_AGE = Duration.ofSeconds(10);

    private final Lake lake;
    private final Pause pause;
    private final PlanStore plans;
    private volatile @Nullable Known known;

    /** One for all events: it knows who runs, and which views came out as they were. */
    private final Map<ZoneId, Updates> updates = new ConcurrentHashMap<>();

    private record Known(Plan plan, Instant since) {

        boolean isFresh(Instant now) {
            Duration age = Duration.between(since, now);
            return !age.isNegative() && age.compareTo(PLAN_AGE) < 0;
        }
    }

    public Wakes(Lake lake) {
        this(lake, Pause.real());
    }

    /** @param pause lets the time pass in which updates gather what comes during a burst */
    public Wakes(Lake lake, Pause pause) {
        this.lake = lake;
        this.pause = pause;
        this.plans = new PlanStore(lake.storage());
    }

    /**
     * Runs every flow that reads the table. A flow that fails does not keep the others from running; its failure is thrown
     * when they have, so that the event is delivered again.
     *
     * @param told hears what became of each flow that did not fail
     * @throws TarnException PROJECT_NOT_FOUND when no plan is deployed, and the problems of every flow that failed
     */
    public void wake(TableCommitted commit, BiConsumer<Flow, UpdateOutcome> told) {
        Plan plan = plan(commit);
        Updates flows = updates.computeIfAbsent(plan.timezone(), timezone -> new Updates(lake, timezone, pause));
        List<TarnException> refusals = new ArrayList<>();
        List<RuntimeException> mistakes = new ArrayList<>();
        for (Flow flow : plan.flowsReading(commit.table())) {
            try {
                told.accept(flow, flows.wake(flow, commit));
            } catch (TarnException e) {
                refusals.add(e);
            } catch (RuntimeException e) {
                mistakes.add(e);
            }
        }
        if (!refusals.isEmpty()) {
            mistakes.add(0, together(refusals));
        }
        if (!mistakes.isEmpty()) {
            RuntimeException first = mistakes.get(0);
            mistakes.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    private static TarnException together(List<TarnException> refusals) {
        List<Problem> problems = refusals.stream()
                .flatMap(refusal -> refusal.problems().stream())
                .toList();
        TarnException all = new TarnException(problems, refusals.get(0));
        refusals.stream().skip(1).forEach(all::addSuppressed);
        return all;
    }

    private Plan plan(TableCommitted commit) {
        Instant now = lake.clock().instant();
        Known before = known;
        if (before != null && before.isFresh(now)) {
            return before.plan();
        }
        try {
            Plan plan = plans.current()
                    .orElseThrow(() -> new TarnException(
                            ErrorCode.PROJECT_NOT_FOUND,
                            "The lake has no plan, so version " + commit.version() + " of " + commit.table()
                                    + " wakes nothing.",
                            "Deploy the project to this lake."));
            known = new Known(plan, now);
            return plan;
        } catch (IOException e) {
            throw new UncheckedIOException("the lake's plan cannot be read", e);
        }
    }
}
