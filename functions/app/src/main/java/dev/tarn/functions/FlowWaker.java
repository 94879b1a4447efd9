package dev.tarn.functions;

import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TarnException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/** Runs the flows that a commit wakes, by the plan that is deployed in the lake. */
@Singleton
public class FlowWaker {

    private final AppLake app;
    private final Map<ZoneId, Updates> updates = new ConcurrentHashMap<>();

    public FlowWaker(AppLake app) {
        this.app = app;
    }

    /**
     * Runs one update of every flow that reads the table. A flow that fails does not keep the others from running; then
     * its failure is thrown, so that the event is delivered again.
     *
     * @throws TarnException PROJECT_NOT_FOUND when no plan is deployed, and the problems of every flow that failed
     */
    public void wake(TableCommitted commit, Logger log) {
        Lake lake = app.open();
        Plan plan = plan(lake, commit);
        // One for all events, since it remembers which views came out as they were.
        Updates flows = updates.computeIfAbsent(plan.timezone(), timezone -> new Updates(lake, timezone));
        List<TarnException> failures = new ArrayList<>();
        for (Flow flow : plan.flowsReading(commit.table())) {
            try {
                UpdateOutcome outcome = flows.run(flow);
                log.info(() -> flow.id() + ": " + outcome);
            } catch (TarnException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw together(failures);
        }
    }

    private static TarnException together(List<TarnException> failures) {
        List<Problem> problems = failures.stream()
                .flatMap(failure -> failure.problems().stream())
                .toList();
        TarnException all = new TarnException(problems, failures.get(0));
        failures.stream().skip(1).forEach(all::addSuppressed);
        return all;
    }

    private static Plan plan(Lake lake, TableCommitted commit) {
        try {
            return new PlanStore(lake.storage())
                    .current()
                    .orElseThrow(() -> new TarnException(
                            ErrorCode.PROJECT_NOT_FOUND,
                            "The lake has no plan, so version " + commit.version() + " of " + commit.table()
                                    + " wakes nothing.",
                            "Deploy the project to this lake."));
        } catch (IOException e) {
            throw new UncheckedIOException("the lake's plan cannot be read", e);
        }
    }
}
