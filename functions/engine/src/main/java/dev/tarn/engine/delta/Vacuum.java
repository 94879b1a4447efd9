package dev.tarn.engine.delta;

import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.TableConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Deletes files of a table's folder that nobody needs any more. What it deletes is needed by no version that may be asked for,
 * so it may stop anywhere, and begin again.
 */
final class Vacuum {

    private static final String CHANGES = "_change_data";
    private static final String RETENTION = "delta.deletedFileRetentionDuration";
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private final DeltaTable table;
    private final DeltaTables lake;

    Vacuum(DeltaTable table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
    }

    VacuumReport run(VacuumRequest request) {
        TableSnapshot before = newest();
        Features.checkWritable(table.location(), before.kernel());
        Instant cut = lake.clock().instant().minus(retention(before, request));
        NeededFiles needed = needed(before, cut);
        List<StoredFile> found = list(needed.folders());
        checkClock(before, found);
        // In this order: a file that this process writes is held until it is part of the version that is looked at
        // next.
        Set<String> held = lake.pins().held();
        TableSnapshot now = newest();
        NeededFiles neededNow = now.version() == before.version() ? needed : needed(now, cut);
        List<StoredFile> old = found.stream()
                .filter(file -> file.modified().isBefore(cut) && !neededNow.contains(relative(file)))
                .toList();
        return delete(old, held, request.dryRun());
    }

    private TableSnapshot newest() {
        return table.snapshot()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        table.location() + " does not exist.",
                        "Correct its name, or let the flow that fills it run once."));
    }

    private NeededFiles needed(TableSnapshot snapshot, Instant cut) {
        return NeededFiles.of(lake, snapshot, table.log(), table.log().files(), cut.toEpochMilli());
    }

    private Duration retention(TableSnapshot snapshot, VacuumRequest request) {
        Duration promised = Duration.ofMillis(
                TableConfig.TOMBSTONE_RETENTION.fromMetadata(snapshot.kernel().getMetadata()));
        Duration wanted = request.retention().orElse(promised);
        if (wanted.compareTo(promised) < 0) {
            throw new TarnException(
                    ErrorCode.RETENTION_TOO_SHORT,
                    table.location() + " keeps deleted files for " + text(promised) + " (" + RETENTION
                            + "), for queries, streams and writers that are behind; a vacuum that keeps them for "
                            + text(wanted) + " would break these.",
                    "Vacuum it without saying how long, or let Spark change what it promises: ALTER TABLE ... SET"
                            + " TBLPROPERTIES ('" + RETENTION + "' = 'interval " + text(wanted) + "').");
        }
        return wanted;
    }

    private static String text(Duration duration) {
        return duration.toSeconds() % 3600 == 0 ? duration.toHours() + " hours" : duration.toSeconds() + " seconds";
    }

    private List<StoredFile> list(Set<String> folders) {
        try {
            List<StoredFile> files = new ArrayList<>();
            for (String folder : folders) {
                String path = table.location().path() + (folder.isEmpty() ? "" : "/" + folder);
                lake.storage().list(path, "").stream()
                        .filter(file -> isOfTable(relative(file)))
                        .forEach(files::add);
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("the files of " + table.location() + " cannot be listed", e);
        }
    }

    private String relative(StoredFile file) {
        return file.path().substring(table.location().path().length() + 1);
    }

    /** Other names with {@code _} or {@code .} before them are not the table's to delete, but partitions may be called so. */
    private static boolean isOfTable(String path) {
        String own = path.startsWith(CHANGES + "/") ? path.substring(CHANGES.length() + 1) : path;
        String[] names = own.split("/");
        for (int i = 0; i < names.length; i++) {
            boolean hidden = names[i].startsWith("_") || names[i].startsWith(".");
            if (hidden && (i == names.length - 1 || names[i].indexOf('=') < 0)) {
                return false;
            }
        }
        return true;
    }

    private void checkClock(TableSnapshot snapshot, List<StoredFile> found) {
        Instant now = lake.clock().instant();
        Instant file =
                found.stream().map(StoredFile::modified).max(Instant::compareTo).orElse(Instant.MIN);
        Instant commit = snapshot.timestamp();
        Instant latest = file.isAfter(commit) ? file : commit;
        if (latest.isAfter(now.plus(MOST_SKEW))) {
            throw new TarnException(
                    ErrorCode.CLOCK_SKEWED,
                    "The newest " + (file.isAfter(commit) ? "file" : "commit") + " of " + table.location() + " is of "
                            + latest.truncatedTo(ChronoUnit.SECONDS) + ", and by this machine's clock it is "
                            + now.truncatedTo(ChronoUnit.SECONDS) + ": how old its files are cannot be told.",
                    "Set the clock of this machine, or of the one that wrote last, and vacuum again.");
        }
    }

    private VacuumReport delete(List<StoredFile> files, Set<String> held, boolean dryRun) {
        List<String> deleted = new ArrayList<>();
        long bytes = 0;
        int inUse = 0;
        for (StoredFile file : files) {
            if (held.contains(file.path()) || !delete(file, dryRun)) {
                inUse++;
            } else {
                deleted.add(relative(file));
                bytes += file.size();
            }
        }
        return new VacuumReport(deleted, bytes, inUse, dryRun);
    }

    private boolean delete(StoredFile file, boolean dryRun) {
        try {
            return dryRun || lake.pins().delete(lake.storage(), file.path());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file.path() + " cannot be deleted; what is needed is there, and a later vacuum goes on", e);
        }
    }
}
