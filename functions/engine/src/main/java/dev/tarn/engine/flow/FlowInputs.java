package dev.tarn.engine.flow;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The snapshots of a flow's sources that one update reads. */
final class FlowInputs {

    /** Version of a table that was made and says nothing yet. */
    static final long UNFILLED = 0;

    private final Flow flow;
    private final Map<Flow.Input, TableSnapshot> snapshots;
    private final List<TableName> missing;

    private FlowInputs(Flow flow, Map<Flow.Input, TableSnapshot> snapshots, List<TableName> missing) {
        this.flow = flow;
        this.snapshots = snapshots;
        this.missing = missing;
    }

    /** The sources as they are now. */
    static FlowInputs newest(Lake lake, Flow flow) {
        Map<Flow.Input, TableSnapshot> snapshots = new LinkedHashMap<>();
        List<TableName> missing = new ArrayList<>();
        for (Flow.Input input : flow.inputs()) {
            lake.table(input.table())
                    .snapshot()
                    .filter(FlowInputs::isFilled)
                    .ifPresentOrElse(snapshot -> snapshots.put(input, snapshot), () -> missing.add(input.table()));
        }
        return new FlowInputs(flow, snapshots, missing);
    }

    /** Whether one source, as it is now, differs from what was seen of it. */
    static boolean hasNews(Lake lake, TableName source, Seen seen) {
        Optional<TableSnapshot> snapshot = lake.table(source).snapshot().filter(FlowInputs::isFilled);
        return snapshot.isPresent() && !seen.source(source).equals(Optional.of(progress(source, snapshot.get())));
    }

    private static SourceProgress progress(TableName source, TableSnapshot snapshot) {
        return SourceProgress.ofTable(source, snapshot.tableId(), snapshot.version());
    }

    /** A flow makes its table before it fills it: at version 0 the table says nothing yet, not even that it is empty. */
    private static boolean isFilled(TableSnapshot snapshot) {
        return snapshot.version() > UNFILLED || snapshot.numRecords() > 0;
    }

    /** Sources that do not exist yet, or were never filled. */
    List<TableName> missing() {
        return missing;
    }

    /** What the target will have seen after an update over these snapshots. */
    FlowProgress progress() {
        return new FlowProgress(
                flow.hash(),
                snapshots.entrySet().stream()
                        .map(input -> progress(input.getKey().table(), input.getValue()))
                        .toList());
    }

    /**
     * Whether an update has work to do.
     *
     * @throws TarnException SOURCE_RECREATED when a streaming source is not the table that was read before
     */
    boolean haveNews(Seen seen) {
        if (seen.isNothing()) {
            return true;
        }
        if (flow.kind() == Flow.Kind.MATERIALIZED_VIEW) {
            return !progress().equals(seen.progress());
        }
        snapshots.forEach((input, snapshot) -> seenVersion(input, snapshot, seen));
        return !seen.hasSources(progress());
    }

    /** Makes every source readable in the session under its full name, by the columns that the flow's query reads. */
    void bind(Session session, DuckDb duckDb, Seen seen) {
        Map<TableName, TableSchema> schemas = new HashMap<>();
        snapshots.forEach((input, snapshot) -> schemas.put(input.table(), snapshot.schema()));
        ReadColumns columns = new ReadColumns(duckDb, flow, schemas);
        snapshots.forEach((input, snapshot) -> session.view(
                input.table().toString(), "SELECT * FROM " + relation(session, input, snapshot, seen, columns)));
    }

    /** Rows of all sources together, without those that a stream has already read. */
    long rows(Seen seen) {
        long rows = 0;
        for (Map.Entry<Flow.Input, TableSnapshot> input : snapshots.entrySet()) {
            long version = input.getKey().streaming() ? seenVersion(input.getKey(), input.getValue(), seen) : -1;
            rows += version < 0
                    ? input.getValue().numRecords()
                    : input.getValue().numRecordsAdded(version);
        }
        return rows;
    }

    private String relation(Session session, Flow.Input input, TableSnapshot snapshot, Seen seen, ReadColumns columns) {
        long version = input.streaming() ? seenVersion(input, snapshot, seen) : -1;
        Supplier<Set<String>> read = () -> columns.of(input.table());
        return version < 0 ? snapshot.scan(session, read) : snapshot.scanAdded(session, version, read);
    }

    /** The version up to which a streaming source has been read, -1 when it has not. */
    private long seenVersion(Flow.Input input, TableSnapshot snapshot, Seen seen) {
        Optional<SourceProgress> source = seen.source(input.table());
        if (source.isEmpty() || !input.streaming()) {
            return -1;
        }
        Long version = source.get().version();
        if (version == null
                || version > snapshot.version()
                || !snapshot.tableId().equals(source.get().tableId())) {
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
                        "Delete the folder " + flow.target().path() + " of the lake, so that the flow reads " + source
                                + " from its beginning.")),
                null);
    }
}
