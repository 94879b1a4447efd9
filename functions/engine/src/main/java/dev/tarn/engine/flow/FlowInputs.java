package dev.tarn.engine.flow;

import dev.tarn.engine.delta.ChangeCommits;
import dev.tarn.engine.delta.DataFile;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.SourceRead;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The snapshots of a flow's sources that one update reads. */
final class FlowInputs {

    private final Flow flow;
    private final Map<Flow.Input, TableSnapshot> snapshots;
    private final SourceVersions versions;

    private FlowInputs(Flow flow, Map<Flow.Input, TableSnapshot> snapshots) {
        this.flow = flow;
        this.snapshots = snapshots;
        this.versions = SourceVersions.of(flow, snapshots);
    }

    /** The sources as they are now, without those that do not exist or were never filled. */
    static FlowInputs newest(Lake lake, Flow flow) {
        Map<Flow.Input, TableSnapshot> snapshots = new LinkedHashMap<>();
        for (Flow.Input input : flow.inputs()) {
            lake.table(input.table())
                    .snapshot()
                    .filter(SourceVersions::isFilled)
                    .ifPresent(snapshot -> snapshots.put(input, snapshot));
        }
        return new FlowInputs(flow, snapshots);
    }

    SourceVersions versions() {
        return versions;
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
            long version = versions.seenVersion(input.getKey(), seen);
            rows += version < 0
                    ? input.getValue().numRecords()
                    : input.getValue().numRecordsAdded(version, changes(input.getKey()));
        }
        return rows;
    }

    /** The sources that are read as a whole, as they are told to the event log. */
    List<SourceRead> readAsAWhole() {
        return snapshots.entrySet().stream()
                .filter(input -> !input.getKey().streaming())
                .map(input -> read(input.getKey().table(), input.getValue()))
                .toList();
    }

    private static SourceRead read(TableName table, TableSnapshot snapshot) {
        List<DataFile> files = snapshot.files();
        return new SourceRead(
                table,
                snapshot.tableId(),
                snapshot.version(),
                files.stream().mapToLong(DataFile::records).sum(),
                files.size(),
                files.stream().mapToLong(DataFile::size).sum());
    }

    private String relation(Session session, Flow.Input input, TableSnapshot snapshot, Seen seen, ReadColumns columns) {
        long version = versions.seenVersion(input, seen);
        Supplier<Set<String>> read = () -> columns.of(input.table());
        return version < 0 ? snapshot.scan(session, read) : snapshot.scanAdded(session, version, changes(input), read);
    }

    private static ChangeCommits changes(Flow.Input input) {
        return input.reading() == Flow.Reading.STREAM_WITHOUT_CHANGES ? ChangeCommits.SKIP : ChangeCommits.REFUSE;
    }
}
