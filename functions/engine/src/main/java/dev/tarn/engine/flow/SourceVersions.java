package dev.tarn.engine.flow;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.delta.TableVersion;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which versions a flow's sources have. */
final class SourceVersions {

    private final Flow flow;
    private final Map<Flow.Input, TableVersion> versions;

    private SourceVersions(Flow flow, Map<Flow.Input, TableVersion> versions) {
        this.flow = flow;
        this.versions = versions;
    }

    /** The sources as they are now. What is new in them is not read. */
    static SourceVersions newest(Lake lake, Flow flow) {
        Map<Flow.Input, TableVersion> versions = new LinkedHashMap<>();
        for (Flow.Input input : flow.inputs()) {
            DeltaTable table = lake.table(input.table());
            table.newestVersion()
                    .filter(newest -> newest.version() > 0
                            || table.snapshot().filter(SourceVersions::isFilled).isPresent())
                    .ifPresent(newest -> versions.put(input, newest));
        }
        return new SourceVersions(flow, versions);
    }

    static SourceVersions of(Flow flow, Map<Flow.Input, TableSnapshot> snapshots) {
        Map<Flow.Input, TableVersion> versions = new LinkedHashMap<>();
        snapshots.forEach(
                (input, snapshot) -> versions.put(input, new TableVersion(snapshot.tableId(), snapshot.version())));
        return new SourceVersions(flow, versions);
    }

    /** A flow makes its table before it fills it: at version 0 the table says nothing yet, not even that it is empty. */
    static boolean isFilled(TableSnapshot snapshot) {
        return snapshot.version() > 0 || snapshot.numRecords() > 0;
    }

    /** Sources that do not exist yet, or were never filled. */
    List<TableName> missing() {
        return flow.inputs().stream()
                .filter(input -> !versions.containsKey(input))
                .map(Flow.Input::table)
                .toList();
    }

    /** What the target will have seen after an update over these versions. */
    FlowProgress progress() {
        return new FlowProgress(
                flow.hash(),
                versions.entrySet().stream()
                        .map(input -> SourceProgress.ofTable(
                                input.getKey().table(),
                                input.getValue().tableId(),
                                input.getValue().version()))
                        .toList());
    }

    /**
     * Whether an update has work to do.
     *
     * @throws TarnException SOURCE_RECREATED when a streaming source is not the table that was read before
     */
    boolean haveNews(Seen seen) {
        if (seen.isNothing() || flow.effect().once()) {
            return seen.isNothing();
        }
        if (flow.effect() instanceof Effect.Replace) {
            return !progress().equals(seen.progress());
        }
        versions.keySet().forEach(input -> seenVersion(input, seen));
        return !seen.hasSources(progress());
    }

    /** The version up to which a streaming source has been read, -1 when it has not. */
    long seenVersion(Flow.Input input, Seen seen) {
        Optional<SourceProgress> source = seen.source(input.table());
        if (source.isEmpty() || !input.streaming()) {
            return -1;
        }
        TableVersion newest = versions.get(input);
        Long version = source.get().version();
        if (version == null
                || version > newest.version()
                || !newest.tableId().equals(source.get().tableId())) {
            throw recreated(input.table());
        }
        return version;
    }

    private TarnException recreated(TableName source) {
        return new TarnException(
                List.of(new Problem(
                        ErrorCode.SOURCE_RECREATED,
                        flow.position(),
                        source + " is not the table that " + flow.target() + " has read so far: it was made anew.",
                        "Make it anew from what its sources have now with tarn update " + flow.target()
                                + " --full-refresh.")),
                null);
    }
}
