package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

/**
 * A commit's place among those of its flow.
 *
 * @param flowId the flow; its commits to one table are numbered
 * @param number greater than that of every earlier commit of the flow
 * @param progress of the flow once the commit is in
 */
public record FlowStep(String flowId, long number, FlowProgress progress) {

    public FlowStep {
        requireNonNull(progress, "progress");
        if (flowId.isEmpty() || number < 0) {
            throw new IllegalArgumentException("a flow's commit names its flow and its number");
        }
    }
}
