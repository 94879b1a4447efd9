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
import java.util.stream.Collectors;

/** The content of one commit of data: who, how far, and which files. */
final class CommitFile {

    static final String ENGINE = "tarn/0.1";

    /** Ids of all updates whose rows a shared commit brings, separated by commas; a commit's own id is the first. */
    static final String UPDATES = "updates";

    private final DeltaTables lake;
    private final List<Member> members;

    /** @param members at least one; more than one only when all are appends */
    CommitFile(DeltaTables lake, List<Member> members) {
        this.lake = lake;
        this.members = List.copyOf(members);
    }

    /** The lines of the commit that comes right after {@code previous}. */
    byte[] after(SnapshotImpl previous) throws IOException {
        List<Row> actions = new ArrayList<>();
        // First, because readers look for the in-commit timestamp in the first line.
        actions.add(
                SingleAction.createCommitInfoSingleAction(commitInfo(previous).toRow()));
        for (Member member : members) {
            member.change()
                    .newSchema()
                    .ifPresent(schema -> actions.addAll(SchemaEvolution.actions(
                            previous, schema, member.change().newDefinition())));
            member.request().flow().ifPresent(step -> actions.addAll(flowActions(step)));
        }
        members.forEach(member -> actions.addAll(fileActions(member.change().parts())));
        return JsonWriter.lines(actions);
    }

    private List<Row> fileActions(TableChange.Parts parts) {
        long now = lake.clock().millis();
        List<Row> actions = new ArrayList<>();
        parts.removed().forEach(file -> actions.add(FileActions.remove(file, parts.dataChange(), now)));
        actions.addAll(parts.adds());
        actions.addAll(parts.changeFiles());
        return actions;
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
        CommitRequest first = members.get(0).request();
        Optional<Long> inCommitTimestamp = TableConfig.IN_COMMIT_TIMESTAMPS_ENABLED.fromMetadata(previous.getMetadata())
                ? Optional.of(Math.max(now, previous.getTimestamp(lake.engine()) + 1))
                : Optional.empty();
        return new CommitInfo(
                inCommitTimestamp,
                now,
                Optional.of(ENGINE),
                Optional.of(first.operation()),
                parameters(first),
                Optional.of(members.get(0).isAppend()),
                Optional.of(first.update().toString()),
                metrics());
    }

    private Map<String, String> parameters(CommitRequest first) {
        Map<String, String> parameters = new TreeMap<>(first.parameters());
        if (members.size() > 1) {
            parameters.put(UPDATES, members.stream().map(Member::update).collect(Collectors.joining(",")));
        }
        return parameters;
    }

    /** Numbers of several members are added. */
    private Map<String, String> metrics() {
        Map<String, String> metrics = new TreeMap<>();
        for (Member member : members) {
            Map<String, String> own = new TreeMap<>(member.change().parts().metrics());
            own.putAll(member.request().metrics());
            own.forEach((name, value) -> metrics.merge(name, value, CommitFile::sum));
        }
        return metrics;
    }

    private static String sum(String one, String other) {
        return Long.toString(Long.parseLong(one) + Long.parseLong(other));
    }
}
