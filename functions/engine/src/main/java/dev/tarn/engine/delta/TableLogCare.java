package dev.tarn.engine.delta;

import dev.tarn.engine.storage.StoredFile;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableConfig;
import io.delta.kernel.internal.checkpoints.Checkpointer;
import io.delta.kernel.internal.checksum.CRCInfo;
import io.delta.kernel.internal.checksum.ChecksumUtils;
import io.delta.kernel.internal.checksum.ChecksumWriter;
import io.delta.kernel.internal.snapshot.MetadataCleanup;
import io.delta.kernel.internal.util.FileNames;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a table's log short to read: a checkpoint and a checksum every so many commits, and no commits for longer than the
 * table promises.
 */
final class TableLogCare {

    private static final Logger LOG = LoggerFactory.getLogger(TableLogCare.class);

    private final DeltaTable table;
    private final DeltaTables lake;

    TableLogCare(DeltaTable table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
    }

    /** After the commit of {@code version}, when it is due. Never throws for what the log can do without. */
    void after(TableSnapshot base, long version) {
        int interval =
                TableConfig.CHECKPOINT_INTERVAL.fromMetadata(base.kernel().getMetadata());
        if (version % interval == 0) {
            // Of the newest version, be it a later one by now: it is known here.
            attempt("care of its log", () -> careFor(table.existingSnapshot().kernel()));
        }
    }

    private interface Step {
        void take() throws IOException;
    }

    /** The commit has happened: failing now would make the caller write the rows twice. A later commit tries again. */
    private void attempt(String what, Step step) {
        try {
            step.take();
        } catch (FileAlreadyExistsException wasFaster) {
            LOG.debug("{}: somebody else has written the {}", table.location(), what, wasFaster);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: no {}", table.location(), what, e);
        }
    }

    private void careFor(SnapshotImpl snapshot) {
        attempt("checkpoint", () -> checkpoint(snapshot));
        attempt("checksum", () -> checksum(snapshot));
        if (TableConfig.EXPIRED_LOG_CLEANUP_ENABLED.fromMetadata(snapshot.getMetadata())) {
            attempt("clean-up of its log", () -> cleanUp(snapshot));
        }
    }

    private void checkpoint(SnapshotImpl snapshot) throws IOException {
        long retention = TableConfig.TOMBSTONE_RETENTION.fromMetadata(snapshot.getMetadata());
        RememberedRemoves engine =
                new RememberedRemoves(lake.engine(), lake.clock().millis() - retention);
        // At the beginning of time no log is too old: Kernel would clean up here, but only for some snapshots.
        Checkpointer.checkpoint(engine, () -> 0, snapshot);
    }

    /** Without the list of files, which Kernel cannot write when some of them have deletion vectors and some have none. */
    private void checksum(SnapshotImpl snapshot) throws IOException {
        CRCInfo state =
                ChecksumUtils.computeChecksum(lake.engine(), snapshot.getLogSegment(), lake.clock()::millis, false);
        Optional<Long> timestamp = TableConfig.IN_COMMIT_TIMESTAMPS_ENABLED.fromMetadata(snapshot.getMetadata())
                ? Optional.of(snapshot.getTimestamp(lake.engine()))
                : Optional.empty();
        new ChecksumWriter(snapshot.getLogPath()).writeCheckSum(lake.engine(), state.withInCommitTimestamp(timestamp));
    }

    /**
     * The age of files is judged by the clock that dated them: that of the storage, which has just got a commit. One of this
     * machine that is ahead would take history away.
     */
    private void cleanUp(SnapshotImpl snapshot) throws IOException {
        long committed = snapshot.getLogSegment().getDeltaFileAtEndVersion().getModificationTime();
        long now = Math.min(committed, lake.clock().millis());
        long retention = TableConfig.LOG_RETENTION.fromMetadata(snapshot.getMetadata());
        long deleted = MetadataCleanup.cleanupExpiredLogs(lake.engine(), () -> now, snapshot.getDataPath(), retention);
        if (deleted > 0) {
            deleteCompanions(Instant.ofEpochMilli(now - retention));
        }
    }

    /** Kernel leaves checksums and compacted commits of versions that are gone. */
    private void deleteCompanions(Instant cut) throws IOException {
        List<StoredFile> files = lake.storage().list(table.log().folder(), "");
        long first = files.stream()
                .filter(file -> FileNames.isPublishedDeltaFile(file.path()))
                .mapToLong(file -> FileNames.deltaVersion(file.path()))
                .min()
                .orElse(0);
        for (StoredFile file : files) {
            if (file.modified().isBefore(cut) && isOfVersionBefore(first, file)) {
                lake.storage().delete(file.path());
            }
        }
    }

    private static boolean isOfVersionBefore(long first, StoredFile file) {
        if (FileNames.isChecksumFile(file.path())) {
            return FileNames.checksumVersion(file.path()) < first;
        }
        return FileNames.isLogCompactionFile(file.path()) && FileNames.logCompactionVersions(file.path())._1 < first;
    }
}
