package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.JsonWriter;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableConfig;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.DomainMetadata;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.actions.SingleAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The content of one commit of data: who, how far, and which files. */
final class CommitFile {

    static final String ENGINE = "tarn/0.1";

    private final DeltaTables lake;
    private final CommitRequest request;
    private final TableChange change;

    CommitFile(DeltaTables lake, CommitRequest request, TableChange change) {
        this.lake = lake;
        this.request = request;
        this.change = change;
    }

    /** The lines of the commit that comes right after {@code previous}. */
    byte[] after(SnapshotImpl previous) throws IOException {
        List<Row> actions = new ArrayList<>();
        // First, because readers look for the in-commit timestamp in the first line.
        actions.add(
                SingleAction.createCommitInfoSingleAction(commitInfo(previous).toRow()));
        change.newSchema().ifPresent(schema -> actions.addAll(SchemaEvolution.actions(previous, schema)));
        request.flow().ifPresent(step -> actions.addAll(flowActions(step)));
        long now = lake.clock().millis();
        TableChange.Parts parts = change.parts();
        parts.removed().forEach(file -> actions.add(FileActions.remove(file, parts.dataChange(), now)));
        actions.addAll(parts.adds());
        actions.addAll(parts.changeFiles());
        return JsonWriter.lines(actions);
    }

    private List<Row> flowActions(FlowStep step) {
        SetTransaction number = new SetTransaction(
                step.flowId(), step.number(), Optional.of(lake.clock().millis()));
        DomainMetadata progress = new DomainMetadata(
                Features.progressDomain(step.flowId()), step.progress().toJson(), false);
        return List.of(
                SingleAction.createTxnSingleAction(number.toRow()),
                SingleAction.createDomainMetadataSingleAction(progress.toRow()));
    }

    private CommitInfo commitInfo(SnapshotImpl previous) {
        long now = lake.clock().millis();
        Optional<Long> inCommitTimestamp = TableConfig.IN_COMMIT_TIMESTAMPS_ENABLED.fromMetadata(previous.getMetadata())
                ? Optional.of(Math.max(now, previous.getTimestamp(lake.engine()) + 1))
                : Optional.empty();
        return new CommitInfo(
                inCommitTimestamp,
                now,
                Optional.of(ENGINE),
                Optional.of(request.operation()),
                request.parameters(),
                Optional.of(false),
                Optional.of(request.update().toString()),
                metrics());
    }

    private Map<String, String> metrics() {
        Map<String, String> metrics = new TreeMap<>(change.parts().metrics());
        metrics.putAll(request.metrics());
        return metrics;
    }
}
