package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableConfig;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Delta table. Safe to share; every call looks at the table anew. */
public final class DeltaTable {

    private static final Logger LOG = LoggerFactory.getLogger(DeltaTable.class);

    private final TableName name;
    private final DeltaTables lake;
    private final TableLog log;

    DeltaTable(TableName name, DeltaTables lake) {
        this.name = name;
        this.lake = lake;
        this.log = new TableLog(name, lake);
    }

    public TableName name() {
        return name;
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
            throw new LogFailure(name, lake).newest(e);
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
            throw new LogFailure(name, lake).at(version, e);
        }
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
     * Runs the query and writes its rows as files into the table's folder; they become part of the table by
     * {@link #append} or {@link #replace}. The query yields exactly the columns of {@code base}, in any order; else
     * {@link TarnException} with {@link ErrorCode#SCHEMA_CHANGED}.
     */
    public Written write(Session session, TableSnapshot base, String sql) {
        return new DataFileWriter(lake, session, base).write(sql);
    }

    /** Deletes files of an attempt that surely did not commit; never after an outcome that is unknown. */
    public void discard(Written written) {
        for (Written.NewFile file : written.newFiles()) {
            try {
                lake.storage().delete(name.path() + "/" + file.name());
            } catch (IOException e) {
                throw new UncheckedIOException("files that are not part of " + name + " cannot be deleted", e);
            }
        }
    }

    /**
     * Adds the rows, and the flow's progress with them, in one commit. Rows that other flows append meanwhile do no harm.
     * Throws {@link UncheckedIOException} when the storage fails; whether the commit happened is then unknown, and the
     * next attempt of the flow finds out.
     */
    public Commit append(TableSnapshot base, Written rows, CommitRequest request) {
        return checkpointed(base, new CommitWriter(this, lake).append(base, rows, request));
    }

    /**
     * Puts the rows in place of all rows of {@code base}, as {@link #append} does otherwise. Any other change of the
     * table's files since {@code base} is a {@link Commit.Overtaken}.
     */
    public Commit replace(TableSnapshot base, Written rows, CommitRequest request) {
        return checkpointed(base, new CommitWriter(this, lake).replace(base, rows, request));
    }

    TableSnapshot existingSnapshot() {
        return snapshot()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        name + " was deleted while it was being written.",
                        "Run the update again: it creates the table anew."));
    }

    private Commit checkpointed(TableSnapshot base, Commit commit) {
        if (commit instanceof Commit.Committed committed) {
            int interval =
                    TableConfig.CHECKPOINT_INTERVAL.fromMetadata(base.kernel().getMetadata());
            if (committed.version() % interval == 0) {
                checkpoint();
            }
        }
        return commit;
    }

    /** Of the newest version, be it a later one by now: it is known here. */
    private void checkpoint() {
        try {
            existingSnapshot().kernel().writeCheckpoint(lake.engine());
        } catch (IOException | RuntimeException e) {
            // The commit has happened: failing now would make the caller write the rows twice. A later commit tries
            // again.
            LOG.warn("{}: no checkpoint", name, e);
        }
    }

    private SnapshotBuilder builder() {
        return TableManager.loadSnapshot(KernelEngine.kernelPath(name.path()));
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
        return new TableSnapshot(name, lake, kernel, tail);
    }

    private TableSnapshot load(SnapshotBuilder builder, Engine engine, LogTail tail) {
        SnapshotImpl kernel = Features.readable(name, () -> (SnapshotImpl) builder.build(engine));
        ColumnFeatures.checkReadable(name, kernel);
        return new TableSnapshot(name, lake, kernel, tail);
    }

    TableLog log() {
        return log;
    }
}
