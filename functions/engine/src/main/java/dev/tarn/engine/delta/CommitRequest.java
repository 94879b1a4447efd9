package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.UpdateId;
import java.util.Map;

/**
 * Who commits, and what is recorded with the rows.
 *
 * @param flowId the flow; its commits are numbered
 * @param updateNumber greater than that of every earlier commit of the flow
 * @param progress of the flow once these rows are in
 * @param update the one attempt that wrote these rows; another attempt has another id
 * @param operation for the table's history: {@code WRITE}, {@code STREAMING UPDATE} ...
 * @param parameters of the operation, for the history
 * @param metrics of the operation, for the history
 */
public record CommitRequest(
        String flowId,
        long updateNumber,
        FlowProgress progress,
        UpdateId update,
        String operation,
        Map<String, String> parameters,
        Map<String, String> metrics) {

    public CommitRequest {
        requireNonNull(progress, "progress");
        requireNonNull(update, "update");
        parameters = Map.copyOf(parameters);
        metrics = Map.copyOf(metrics);
        if (flowId.isEmpty() || operation.isEmpty() || updateNumber < 0) {
            throw new IllegalArgumentException("a commit names its flow, its number and its operation");
        }
    }
}
