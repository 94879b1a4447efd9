package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.JsonWriter;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableConfig;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.DomainMetadata;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The content of one commit of data: who, how far, and which files. */
final class CommitFile {

    static final String ENGINE = "tarn/0.1";

    private final DeltaTables lake;
    private final CommitRequest request;
    private final List<Row> fileActions;

    private CommitFile(DeltaTables lake, CommitRequest request, List<Row> fileActions) {
        this.lake = lake;
        this.request = request;
        this.fileActions = fileActions;
    }

    /** Adds the rows. */
    static CommitFile adding(DeltaTables lake, CommitRequest request, TableSnapshot base, Written rows) {
        return new CommitFile(lake, request, adds(base, rows));
    }

    /** Adds the rows in place of all of {@code base}. */
    static CommitFile replacing(DeltaTables lake, CommitRequest request, TableSnapshot base, Written rows) {
        List<Row> actions = new ArrayList<>();
        long now = lake.clock().millis();
        base.forEachFile(file ->
                actions.add(SingleAction.createRemoveFileSingleAction(file.toRemoveFileRow(true, Optional.of(now)))));
        actions.addAll(adds(base, rows));
        return new CommitFile(lake, request, actions);
    }

    private static List<Row> adds(TableSnapshot base, Written rows) {
        StructType schema = base.kernel().getMetadata().getPhysicalSchema();
        return rows.newFiles().stream()
                .map(file -> SingleAction.createAddFileSingleAction(add(schema, file)))
                .toList();
    }

    private static Row add(StructType schema, Written.NewFile file) {
        return AddFile.createAddFileRow(
                schema,
                file.name(),
                VectorUtils.stringStringMapValue(file.partitionValues()),
                file.size(),
                file.modifiedMillis(),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(file.statistics()));
    }

    /** The lines of the commit that comes right after {@code previous}. */
    byte[] after(SnapshotImpl previous) throws IOException {
        List<Row> actions = new ArrayList<>(fileActions.size() + 3);
        // First, because readers look for the in-commit timestamp in the first line.
        actions.add(
                SingleAction.createCommitInfoSingleAction(commitInfo(previous).toRow()));
        actions.add(SingleAction.createTxnSingleAction(new SetTransaction(
                        request.flowId(),
                        request.updateNumber(),
                        Optional.of(lake.clock().millis()))
                .toRow()));
        actions.add(SingleAction.createDomainMetadataSingleAction(new DomainMetadata(
                        Features.progressDomain(request.flowId()),
                        request.progress().toJson(),
                        false)
                .toRow()));
        actions.addAll(fileActions);
        return JsonWriter.lines(actions);
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
                request.metrics());
    }
}
