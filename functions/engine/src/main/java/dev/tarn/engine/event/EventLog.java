package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The history of updates. A record is written before the commit it tells of, so that no commit goes untold; {@link #fold}
 * later moves the records into the table {@code tarn.event_log}, those without their commit as failed.
 */
public final class EventLog {

    /** The table of the history. */
    public static final TableName TABLE = new TableName(Layer.TARN, "event_log");

    /** Where a flow's lease is: whoever holds it runs the flow. */
    public static String leasePath(String flowId) {
        return "tarn/leases/" + flowId;
    }

    private static final String FOLDER = "tarn/events";
    private static final String SUFFIX = ".json";

    /** Updates among which a flow's last one is looked for. */
    private static final int HISTORY = 1000;

    private static final TableSchema SCHEMA = new TableSchema(List.of(
            new Column("id", DataType.Simple.STRING),
            new Column("sequence", DataType.Simple.STRING),
            new Column("origin", DataType.Simple.STRING),
            new Column("timestamp", DataType.Simple.TIMESTAMP),
            new Column("message", DataType.Simple.STRING),
            new Column("level", DataType.Simple.STRING),
            new Column("maturity_level", DataType.Simple.STRING),
            new Column("error", DataType.Simple.STRING),
            new Column("details", DataType.Simple.STRING),
            new Column("event_type", DataType.Simple.STRING)));

    private static final UpdateRecord.Failure INTERRUPTED = new UpdateRecord.Failure(
            ErrorCode.UPDATE_FAILED,
            "The update was interrupted before its commit.",
            "Nothing: the next update does its work.");

    private final Lake lake;

    public EventLog(Lake lake) {
        this.lake = lake;
    }

    /** Writes the record; call it before the commit, or after a failure that nothing follows. */
    public void record(UpdateRecord update) {
        try {
            lake.storage().put(path(update), UpdateRecordJson.write(update));
        } catch (IOException e) {
            throw new UncheckedIOException("the event record of " + update.flow() + " cannot be written", e);
        }
    }

    /** Takes back the record of an update that came to nothing because another one was faster. */
    public void withdraw(UpdateRecord update) {
        try {
            lake.storage().delete(path(update));
        } catch (IOException e) {
            throw new UncheckedIOException("the event record of " + update.flow() + " cannot be taken back", e);
        }
    }

    /** The newest updates first, at most {@code limit}, folded or not; without those that are still running. */
    public List<UpdateRecord> recent(int limit) {
        List<UpdateRecord> updates = new ArrayList<>();
        records().stream().filter(this::ended).forEach(updates::add);
        Optional<TableSnapshot> snapshot = lake.table(TABLE).snapshot();
        if (snapshot.isPresent()) {
            try (Session session = lake.duckDb().session()) {
                updates.addAll(session.query(
                        "SELECT details FROM " + snapshot.get().scan(session, () -> Set.of("id", "details"))
                                + " ORDER BY id DESC LIMIT " + limit,
                        row -> UpdateRecordJson.readDetails(row.getString(1))));
            }
        }
        Comparator<UpdateRecord> byId = Comparator.comparing(UpdateRecord::id);
        return updates.stream().sorted(byId.reversed()).distinct().limit(limit).toList();
    }

    /** Whether the flow's last update failed, as far as the history reaches back. */
    public boolean lastFailed(String flow) {
        return recent(HISTORY).stream()
                .filter(update -> update.flow().equals(flow))
                .findFirst()
                .map(update -> !update.completed())
                .orElse(false);
    }

    /**
     * Moves the settled records into {@link #TABLE}. A second call, or one after a crash, moves nothing twice.
     *
     * @return records moved
     */
    public int fold() {
        Optional<Lease> lease = lease(TABLE.toString());
        if (lease.isEmpty()) {
            return 0;
        }
        try {
            List<UpdateRecord> settled = records().stream()
                    .flatMap(update -> settled(update).stream())
                    .toList();
            if (!settled.isEmpty() && append(settled)) {
                for (UpdateRecord update : settled) {
                    lake.storage().delete(path(update));
                }
                return settled.size();
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("folding the event records of the lake", e);
        } finally {
            lease.get().close();
        }
    }

    private boolean append(List<UpdateRecord> updates) throws IOException {
        DeltaTable table = lake.table(TABLE);
        TableSnapshot base = table.create(new TableDefinition(SCHEMA, List.of(), "Updates of this lake", Map.of()));
        try (Session session = lake.duckDb().session()) {
            Path lines = session.newFile(".ndjson");
            Files.write(lines, updates.stream().map(UpdateRecordJson::row).toList(), UTF_8);
            TableChange rows = table.append(session, base, newRows(session, lines, base));
            Files.delete(lines);
            long number = base.updateNumber(TABLE.toString()).orElse(-1) + 1;
            CommitRequest request = CommitRequest.ofFlow(
                    TABLE.toString(),
                    number,
                    new FlowProgress("event_log", List.of()),
                    lake.newUpdateId(),
                    "WRITE",
                    Map.of("mode", "Append"),
                    Map.of());
            if (rows.rows() == 0) {
                return true;
            }
            Commit commit = table.commit(rows, request);
            if (commit instanceof Commit.Committed) {
                return true;
            }
            table.discard(rows);
            return false;
        }
    }

    /** The lines of the file whose ids the table does not have: a crash may have come between a fold and its clearing. */
    private static String newRows(Session session, Path lines, TableSnapshot base) {
        return "SELECT * FROM read_json(" + FilePattern.literal(lines)
                + ", format = 'newline_delimited', hive_partitioning = false, columns = {"
                + "id: 'VARCHAR', sequence: 'VARCHAR', origin: 'VARCHAR', timestamp: 'TIMESTAMPTZ', message: 'VARCHAR', "
                + "level: 'VARCHAR', maturity_level: 'VARCHAR', error: 'VARCHAR', details: 'VARCHAR', "
                + "event_type: 'VARCHAR'}) WHERE id NOT IN (SELECT id FROM " + base.scan(session, () -> Set.of("id"))
                + ")";
    }

    /** The record as it ended; empty while its update may still be running. */
    private Optional<UpdateRecord> settled(UpdateRecord update) {
        if (ended(update)) {
            return Optional.of(update);
        }
        Optional<Lease> nobodyRuns = lease(update.flow());
        if (nobodyRuns.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(hasCommit(update) ? update : update.failed(INTERRUPTED));
        } finally {
            nobodyRuns.get().close();
        }
    }

    private boolean ended(UpdateRecord update) {
        return !update.completed() || !update.commits() || hasCommit(update);
    }

    private boolean hasCommit(UpdateRecord update) {
        return lake.table(update.table())
                .snapshot()
                .map(snapshot -> snapshot.versionOfUpdate(update.id(), update.baseVersion())
                        .isPresent())
                .orElse(false);
    }

    private List<UpdateRecord> records() {
        List<UpdateRecord> updates = new ArrayList<>();
        try {
            for (StoredFile file : lake.storage().list(FOLDER, "")) {
                if (file.path().endsWith(SUFFIX)) {
                    read(file.path()).ifPresent(updates::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading the event records of the lake", e);
        }
        return updates;
    }

    /** Empty when another process has folded and deleted the record since it was listed. */
    private Optional<UpdateRecord> read(String path) throws IOException {
        try {
            return Optional.of(UpdateRecordJson.read(lake.storage().read(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<Lease> lease(String flow) {
        try {
            return lake.storage().lease(leasePath(flow));
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of " + flow, e);
        }
    }

    private static String path(UpdateRecord update) {
        return FOLDER + "/" + update.id() + SUFFIX;
    }
}
