package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.model.TableName;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.snapshot.LogSegment;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshot that this process has seen of each table. One listing, from the known version on, tells whether
 * it still is the newest, and which commits came if not; only those are read. The listing begins with the commit of the
 * known version itself: when that is gone or another file, the table was made anew and all is read again. Safe to share.
 */
final class NewestSnapshots {

    /** More tables than a process works on at a time; each may hold the descriptions of its files. */
    static final int MOST_TABLES = 64;

    private final KernelEngine engine;
    private final Map<TableName, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TableName, Known> eldest) {
            return size() > MOST_TABLES;
        }
    };

    NewestSnapshots(KernelEngine engine) {
        this.engine = engine;
    }

    /**
     * @param log files of the log from the checkpoint on that the snapshot begins with, by path; Kernel's own list of them
     *     lacks the commit of the checkpoint's version, without which it refuses a log
     */
    private record Known(TableSnapshot snapshot, SortedMap<String, FileStatus> log) {}

    /** Loads a snapshot with an engine, as that engine knows the log. */
    interface Load extends Function<Engine, TableSnapshot> {}

    TableSnapshot of(TableName table, Load load) {
        Known before = get(table);
        Optional<Known> after = before == null ? Optional.empty() : after(before, load);
        if (after.isEmpty()) {
            forget(table);
        }
        Known newest = after.isPresent() ? after.get() : anew(load);
        put(table, newest);
        return newest.snapshot();
    }

    private Known anew(Load load) {
        SortedMap<String, FileStatus> listed = new TreeMap<>();
        return known(load.apply(engine.recording(file -> listed.put(file.getPath(), file))), listed);
    }

    /** Empty when the table is no longer the one that {@code known} is of. */
    private Optional<Known> after(Known known, Load load) {
        LogSegment segment = known.snapshot().kernel().getLogSegment();
        List<FileStatus> listed = list(segment, known.snapshot());
        if (!KernelEngine.isAmong(segment.getDeltaFileAtEndVersion(), listed)) {
            return Optional.empty();
        }
        if (listed.stream().noneMatch(file -> isCommitAfter(known.snapshot().version(), file))) {
            return Optional.of(known);
        }
        SortedMap<String, FileStatus> log = new TreeMap<>(known.log());
        listed.forEach(file -> log.put(file.getPath(), file));
        return Optional.of(known(load.apply(engine.ofLog(List.copyOf(log.values()))), log));
    }

    private static boolean isCommitAfter(long version, FileStatus file) {
        return FileNames.isPublishedDeltaFile(file.getPath()) && FileNames.deltaVersion(file.getPath()) > version;
    }

    private static Known known(TableSnapshot snapshot, SortedMap<String, FileStatus> log) {
        LogSegment segment = snapshot.kernel().getLogSegment();
        String first = FileNames.listingPrefix(
                segment.getLogPath(), segment.getCheckpointVersionOpt().orElse(0L));
        return new Known(snapshot, new TreeMap<>(log.tailMap(first)));
    }

    private List<FileStatus> list(LogSegment segment, TableSnapshot known) {
        String first = KernelEngine.storagePath(FileNames.listingPrefix(segment.getLogPath(), known.version()));
        int slash = first.lastIndexOf('/');
        try {
            return engine.list(first.substring(0, slash), first.substring(slash + 1));
        } catch (IOException e) {
            throw new UncheckedIOException("the log of " + known.table() + " cannot be listed", e);
        }
    }

    private synchronized @Nullable Known get(TableName table) {
        return known.get(table);
    }

    private synchronized void forget(TableName table) {
        known.remove(table);
    }

    private synchronized void put(TableName table, Known snapshot) {
        known.put(table, snapshot);
    }
}
