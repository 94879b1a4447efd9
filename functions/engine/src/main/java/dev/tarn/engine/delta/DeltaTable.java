package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** One Delta table. Safe to share; every call looks at the table anew. */
public final class DeltaTable {

    private final TableLocation location;
    private final DeltaTables lake;
    private final TableLog log;

    DeltaTable(TableLocation location, DeltaTables lake) {
        this.location = location;
        this.lake = lake;
        this.log = new TableLog(location, lake);
    }

    public TableLocation location() {
        return location;
    }

    /** The newest version; empty when the table does not exist. */
    public Optional<TableSnapshot> snapshot() {
        return unlessAbsent(() -> Optional.of(lake.newest().of(this)));
    }

    /** The number of the newest version, which costs less than the version itself; empty when the table does not exist. */
    public Optional<TableVersion> newestVersion() {
        return unlessAbsent(() -> Optional.of(lake.newest().version(this)));
    }

    /** How far the flow has come by the newest version, which costs less than {@link TableSnapshot#progress} of it. */
    public Optional<FlowProgress> progress(String flowId) {
        return unlessAbsent(() -> lake.newest().progress(this, flowId));
    }

    private <T> Optional<T> unlessAbsent(Supplier<Optional<T>> look) {
        try {
            return lake.engine().survivingCheckpoints(look);
        } catch (TableNotFoundException absent) {
            return Optional.empty();
        } catch (KernelException e) {
            throw new LogFailure(location, lake).newest(e);
        }
    }

    /** An older version. Throws {@link TarnException} with {@link ErrorCode#TABLE_NOT_FOUND} when there is none. */
    public TableSnapshot snapshotAt(long version) {
        try {
            return lake.engine()
                    .survivingCheckpoints(() -> load(
                            builder().atVersion(version),
                            lake.engine(),
                            new LogTail(new FlowMarks(), new TreeMap<>())));
        } catch (KernelException | IllegalArgumentException e) {
            throw new LogFailure(location, lake).at(version, e);
        }
    }

    /**
     * The newest commits that are in the log, at most {@code most}, the newest first. Throws {@link TarnException} with
     * {@link ErrorCode#TABLE_NOT_FOUND} when the table does not exist.
     */
    public List<HistoryEntry> history(int most) {
        TableVersion newest = newestVersion().orElseThrow(log::absent);
        return new TableHistory(log).upTo(newest.version(), most);
    }

    /**
     * The last version that was committed at or before the moment, as Spark's {@code TIMESTAMP AS OF} has it. Throws
     * {@link TarnException} with {@link ErrorCode#TABLE_NOT_FOUND} for a moment before the first version that can be read
     * or after the newest.
     */
    public TableSnapshot snapshotAt(Instant moment) {
        TableSnapshot newest = snapshot().orElseThrow(log::absent);
        return snapshotAt(new TimeTravel(newest, lake).version(moment));
    }

    /**
     * A FROM-expression in parentheses over the rows that the versions {@code from} to {@code to}, both inclusive, changed,
     * for this session and as long as it is open. It has the columns of version {@code to}, NULL where an older one lacked
     * them, then {@code _change_type} ({@code insert}, {@code delete}, {@code update_preimage} or
     * {@code update_postimage}), {@code _commit_version} and {@code _commit_timestamp}: what Spark's
     * {@code readChangeFeed} answers. Throws {@link TarnException} with {@link ErrorCode#CHANGES_UNAVAILABLE} when the
     * changes of one of the versions were not kept or are gone.
     *
     * @param columns of the table that are read of it, as for {@link TableSnapshot#scan(Session, Supplier)}
     */
    public String changes(Session session, long from, long to, Supplier<Set<String>> columns) {
        return new ChangeFeed(this, lake, session, from, to).scan(columns);
    }

    /**
     * Creates the table, without rows, as version 0. When it exists already, also because somebody else was faster, the
     * newest snapshot is the answer, provided that columns and partitions are the same; else {@link TarnException} with
     * {@link ErrorCode#SCHEMA_CHANGED}.
     */
    public TableSnapshot create(TableDefinition definition) {
        return new TableCreation(this, lake, definition).create();
    }

    /**
     * Runs the query and writes its rows, which are to be added to the table. The query yields exactly the columns of
     * {@code base}, in any order; else {@link TarnException} with {@link ErrorCode#SCHEMA_CHANGED}.
     */
    public TableChange append(Session session, TableSnapshot base, String sql) {
        return append(session, base, sql, NewColumns.REFUSE);
    }

    /** As {@link #append(Session, TableSnapshot, String)}; columns that are new may become the table's. */
    public TableChange append(Session session, TableSnapshot base, String sql, NewColumns columns) {
        return new Additions(lake, session, base).of(sql, columns);
    }

    /**
     * Adds the columns, and fields of structs, that {@code wanted} has beyond those of {@code base}, wherever it has them, at
     * the end of their struct. Throws {@link TarnException} with {@link ErrorCode#SCHEMA_CHANGED} when {@code wanted}
     * differs in anything else.
     */
    public TableChange addColumns(TableSnapshot base, TableSchema wanted) {
        TableChangeBuilder change = new TableChangeBuilder(lake, base, "ADD COLUMNS");
        SchemaEvolution.evolve(change, wanted);
        return change.build();
    }

    /**
     * Runs the query and writes what its result differs from {@code base}, which it is to take the place of; all of it
     * where that costs less. What the query yields is as for
     * {@link #append(Session, TableSnapshot, String)}. Any other change of the table's rows since
     * {@code base} is a {@link Commit.Overtaken}.
     */
    public TableChange replace(Session session, TableSnapshot base, String sql) {
        return replace(session, base, sql, NewColumns.REFUSE);
    }

    /** As {@link #replace(Session, TableSnapshot, String)}; columns that are new may become the table's. */
    public TableChange replace(Session session, TableSnapshot base, String sql, NewColumns columns) {
        return new Replacement(lake, session, base).whole(sql, columns);
    }

    /**
     * As {@link #replace(Session, TableSnapshot, String)}, of those rows that {@code filter} holds for. Throws {@link TarnException} with
     * {@link ErrorCode#ROWS_OUTSIDE} when the query yields a row for which it does not.
     */
    public TableChange replaceWhere(Session session, TableSnapshot base, RowFilter filter, String sql) {
        return replaceWhere(session, base, filter, sql, NewColumns.REFUSE);
    }

    /** As {@link #replaceWhere(Session, TableSnapshot, RowFilter, String)}; columns that are new may become the table's. */
    public TableChange replaceWhere(
            Session session, TableSnapshot base, RowFilter filter, String sql, NewColumns columns) {
        return new Replacement(lake, session, base).where(filter, sql, columns);
    }

    /**
     * Makes the table anew: what the definition says, with the rows of the query, which yields exactly its columns. Any other
     * change of the table's rows since {@code base} is a {@link Commit.Overtaken}. Throws {@link TarnException} with
     * {@link ErrorCode#TABLE_FEATURE_UNSUPPORTED} for a table whose columns are mapped to other names.
     */
    public TableChange redefine(Session session, TableSnapshot base, TableDefinition definition, String sql) {
        return new TableRedefinition(lake, session, base).of(definition, sql);
    }

    /** Takes the rows away that {@code filter} holds for. */
    public TableChange delete(Session session, TableSnapshot base, RowFilter filter) {
        return new Deletion(lake, session, base).of(filter);
    }

    /** Inserts, updates and deletes rows by their keys. */
    public TableChange merge(Session session, TableSnapshot base, Merge merge) {
        return new Merging(lake, session, base, merge, null).change();
    }

    /** As {@link #merge(Session, TableSnapshot, Merge)}; {@code found} of {@code base} are all rows with the source's keys. */
    public TableChange merge(Session session, TableSnapshot base, Merge merge, FoundRows found) {
        return new Merging(lake, session, base, merge, found).change();
    }

    /**
     * Packs small files and writes files anew of which many rows are deleted; rows stay as they are, and nobody who reads
     * what changed sees it. {@link TableChange#isNothing} when no file is worth it, and then there is nothing to commit.
     *
     * @param session that stays open until the change is committed or discarded
     */
    public TableChange optimize(Session session, TableSnapshot base, CompactionPolicy policy) {
        return new Compaction(lake, session, base).by(policy);
    }

    /**
     * Deletes files that neither the newest version needs nor any that is younger than the retention, and nobody in this
     * process; nor are files of that age deleted which are no part of the table, for they may become one.
     *
     * @throws TarnException TABLE_NOT_FOUND, TABLE_FEATURE_UNSUPPORTED; RETENTION_TOO_SHORT when the table promises more;
     *     CLOCK_SKEWED when the age of files cannot be told
     */
    public VacuumReport vacuum(VacuumRequest request) {
        return new Vacuum(this, lake).run(request);
    }

    /**
     * Deletes the table with all its versions, so that it does not exist any more. When that ends early the table still
     * exists, without its rows, and can be dropped again. Nothing happens where there is no table.
     */
    public void drop() {
        new Drop(this, lake).run();
    }

    /**
     * Makes the change a part of the table, and the flow's progress with it, in one commit. Rows that others add meanwhile
     * and the change did not rely on do no harm. Throws {@link UncheckedIOException} when the storage fails; whether the
     * commit happened is then unknown, and committing again, or the flow's next attempt, finds out.
     */
    public Commit commit(TableChange change, CommitRequest request) {
        return caredFor(change.base(), new CommitWriter(this, lake).commit(change, request));
    }

    /**
     * Tries to commit once: whether the change is in, or was work of no flow with nothing to do. When another writer was
     * faster its files are deleted, and it has to be planned anew.
     */
    public boolean commitOrDiscard(TableChange change, CommitRequest request) {
        if (change.isNothing() && request.flow().isEmpty()) {
            discard(change);
            return true;
        }
        boolean committed = commit(change, request) instanceof Commit.Committed;
        if (!committed) {
            discard(change);
        }
        return committed;
    }

    /**
     * Plans on the newest version and commits, until it is in or was there before; work of no flow that changes nothing is
     * in as the version it was planned on. Of those that change rows of the table
     * in this process only one plans at a time.
     *
     * @throws TarnException TABLE_NOT_FOUND; COMMIT_CONFLICT when other writers came first too often
     */
    public Commit run(CommitRequest request, Function<TableSnapshot, TableChange> plan) {
        return new Attempts(this, lake, request).until(plan);
    }

    /** Deletes files of an attempt that surely did not commit; never after an outcome that is unknown. */
    public void discard(TableChange change) {
        for (String path : change.parts().own()) {
            try {
                lake.storage().delete(location.path() + "/" + path);
            } catch (IOException e) {
                throw new UncheckedIOException("files that are not part of " + location + " cannot be deleted", e);
            }
        }
    }

    TableSnapshot existingSnapshot() {
        return snapshot()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        location + " was deleted while it was being written.",
                        "Run the update again: it creates the table anew."));
    }

    /**
     * Appends of this process that come within {@code window} share a commit. The object is to be kept: those that go through
     * it are gathered.
     */
    public GroupCommit groupCommit(Duration window) {
        return new GroupCommit(this, lake, window);
    }

    /** The commit's outcome, after the log was cared for. */
    Commit caredFor(TableSnapshot base, Commit commit) {
        if (commit instanceof Commit.Committed committed) {
            new TableLogCare(this, lake).after(base, committed.version());
        }
        return commit;
    }

    private SnapshotBuilder builder() {
        return TableManager.loadSnapshot(KernelEngine.kernelPath(location.path()));
    }

    /** The newest snapshot, as {@code engine} knows the log; {@code files} holds what the engine lists. */
    TableSnapshot load(Engine engine, SortedMap<String, FileStatus> files) {
        return load(builder(), engine, new LogTail(new FlowMarks(), files));
    }

    /**
     * The snapshot of a later {@code version}, as {@code engine} knows the log.
     *
     * @param tail of the log by then; no commit after {@code earlier} changed the table's definition
     */
    TableSnapshot loadAfter(TableSnapshot earlier, long version, Engine engine, LogTail tail) {
        SnapshotImpl before = earlier.kernel();
        SnapshotImpl kernel = (SnapshotImpl) builder()
                .atVersion(version)
                .withProtocolAndMetadata(before.getProtocol(), before.getMetadata())
                .build(engine);
        return new TableSnapshot(location, lake, kernel, tail);
    }

    private TableSnapshot load(SnapshotBuilder builder, Engine engine, LogTail tail) {
        SnapshotImpl kernel = Features.readable(location, () -> (SnapshotImpl) builder.build(engine));
        ColumnFeatures.checkReadable(location, kernel);
        return new TableSnapshot(location, lake, kernel, tail);
    }

    TableLog log() {
        return log;
    }
}
