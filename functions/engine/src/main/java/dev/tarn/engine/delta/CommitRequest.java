package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.UpdateId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who commits, and what is recorded with the rows.
 *
 * @param update the one attempt at this work; a commit whose answer was lost is recognized by it
 * @param operation for the table's history: {@code WRITE}, {@code STREAMING UPDATE} ...
 * @param parameters of the operation, for the history
 * @param metrics of the operation, for the history
 * @param step of the flow that commits, null for work that is no flow's
 */
public record CommitRequest(
        UpdateId update,
        String operation,
        Map<String, String> parameters,
        Map<String, String> metrics,
        @Nullable FlowStep step) {

    public CommitRequest {
        requireNonNull(update, "update");
        parameters = Map.copyOf(parameters);
        metrics = Map.copyOf(metrics);
        if (operation.isEmpty()) {
            throw new IllegalArgumentException("a commit names its operation");
        }
    }

    /** The request of a flow. */
    public static CommitRequest ofFlow(
            String flowId,
            long updateNumber,
            FlowProgress progress,
            UpdateId update,
            String operation,
            Map<String, String> parameters,
            Map<String, String> metrics) {
        FlowStep step = new FlowStep(flowId, updateNumber, progress);
        return new CommitRequest(update, operation, Correlation.added(parameters), metrics, step);
    }

    /** The request of work that is no flow's: maintenance, or what somebody does by hand. */
    public static CommitRequest ofWork(UpdateId update, String operation, Map<String, String> parameters) {
        return new CommitRequest(update, operation, Correlation.added(parameters), Map.of(), null);
    }

    /** As {@link #step()}. */
    Optional<FlowStep> flow() {
        return Optional.ofNullable(step);
    }
}
