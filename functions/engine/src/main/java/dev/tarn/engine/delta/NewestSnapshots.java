package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelEngine;
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
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshot that this process has seen of each table. One listing, from the known version on, tells whether
 * it still is the newest, and which commits came if not; only those are read. The listing begins with the commit of the
 * known version itself: when that is gone or another file, the table was made anew and all is read again. Safe to share.
 */
final class NewestSnapshots {

    /** More tables than a process works on at a time; each may hold the descriptions of its files. */
    static final int MOST_TABLES = 64;

    /** Commits whose contents may be in memory, so that streams which read them find them there. */
    private static final int MOST_COMMITS = 1_000;

    private final KernelEngine engine;
    private final Map<TableLocation, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TableLocation, Known> eldest) {
            return size() > MOST_TABLES;
        }
    };

    NewestSnapshots(KernelEngine engine) {
        this.engine = engine;
    }

    /**
     * @param log files of the log from the checkpoint on that the snapshot begins with or earlier, by path; Kernel's own
     *     list of them lacks the commit of the checkpoint's version, without which it refuses a log
     */
    private record Known(TableSnapshot snapshot, SortedMap<String, FileStatus> log) {}

    /** The newest snapshot. Throws {@link io.delta.kernel.exceptions.KernelException} when there is none. */
    TableSnapshot of(DeltaTable table) {
        Known before = get(table.location());
        return of(table, before, list(before));
    }

    /** @param listed the log from the version on that is known, none when none is */
    private TableSnapshot of(DeltaTable table, @Nullable Known before, List<FileStatus> listed) {
        Optional<Known> after = before == null ? Optional.empty() : after(table, before, listed);
        if (after.isEmpty()) {
            forget(table.location());
        }
        Known newest = after.isPresent() ? after.get() : anew(table);
        put(table.location(), newest);
        return newest.snapshot();
    }

    /** The newest version, which is one listing for a table that is known. */
    TableVersion version(DeltaTable table) {
        Known before = get(table.location());
        List<FileStatus> listed = list(before);
        TableSnapshot snapshot =
                before != null && isStillThere(before, listed) ? before.snapshot() : of(table, before, listed);
        long newest = newCommits(snapshot, listed).stream()
                .mapToLong(file -> FileNames.deltaVersion(file.getPath()))
                .max()
                .orElse(snapshot.version());
        return new TableVersion(snapshot.tableId(), newest);
    }

    /** The flow's progress by the newest version: one listing and one commit for a table that is known. */
    Optional<FlowProgress> progress(DeltaTable table, String flowId) {
        Known before = get(table.location());
        List<FileStatus> listed = list(before);
        if (before != null && isStillThere(before, listed)) {
            List<FileStatus> commits = newCommits(before.snapshot(), listed);
            if (commits.isEmpty()) {
                return before.snapshot().progress(flowId);
            }
            FlowMarks marks = new FlowMarks();
            boolean there = table.log().forEachMark(commits.get(commits.size() - 1), marks::look);
            Optional<FlowProgress> told = marks.told(flowId);
            if (there && told.isPresent()) {
                return told;
            }
        }
        return of(table, before, listed).progress(flowId);
    }

    private Known anew(DeltaTable table) {
        SortedMap<String, FileStatus> listed = new TreeMap<>();
        return known(table.load(engine.recording(file -> listed.put(file.getPath(), file)), listed), listed);
    }

    /** Empty when the table is no longer the one that {@code known} is of. */
    private Optional<Known> after(DeltaTable table, Known known, List<FileStatus> listed) {
        if (!isStillThere(known, listed)) {
            return Optional.empty();
        }
        List<FileStatus> commits = newCommits(known.snapshot(), listed);
        if (commits.isEmpty()) {
            return Optional.of(known);
        }
        FlowMarks marks = new FlowMarks(known.snapshot().tail().marks());
        for (FileStatus commit : commits) {
            if (!table.log().forEachMark(commit, marks::look)) {
                return Optional.empty();
            }
        }
        SortedMap<String, FileStatus> log = new TreeMap<>(known.log());
        listed.forEach(file -> log.put(file.getPath(), file));
        Engine ofLog = engine.ofLog(List.copyOf(log.values()));
        long version = FileNames.deltaVersion(commits.get(commits.size() - 1).getPath());
        return Optional.of(known(
                marks.definitionChanged()
                        ? table.load(ofLog, log)
                        : table.loadAfter(known.snapshot(), version, ofLog, new LogTail(marks, log)),
                log));
    }

    private static boolean isStillThere(Known known, List<FileStatus> listed) {
        return KernelEngine.isAmong(known.snapshot().kernel().getLogSegment().getDeltaFileAtEndVersion(), listed);
    }

    /** In their order. */
    private static List<FileStatus> newCommits(TableSnapshot known, List<FileStatus> listed) {
        return listed.stream()
                .filter(file -> isCommitAfter(known.version(), file))
                .toList();
    }

    private static boolean isCommitAfter(long version, FileStatus file) {
        return FileNames.isPublishedDeltaFile(file.getPath()) && FileNames.deltaVersion(file.getPath()) > version;
    }

    private static Known known(TableSnapshot snapshot, SortedMap<String, FileStatus> log) {
        LogSegment segment = snapshot.kernel().getLogSegment();
        long checkpoint = segment.getCheckpointVersionOpt().orElse(0L);
        long first = Math.min(checkpoint, Math.max(0, snapshot.version() - MOST_COMMITS));
        return new Known(snapshot, new TreeMap<>(log.tailMap(FileNames.listingPrefix(segment.getLogPath(), first))));
    }

    private List<FileStatus> list(@Nullable Known known) {
        if (known == null) {
            return List.of();
        }
        TableSnapshot snapshot = known.snapshot();
        String first = KernelEngine.storagePath(
                FileNames.listingPrefix(snapshot.kernel().getLogSegment().getLogPath(), snapshot.version()));
        int slash = first.lastIndexOf('/');
        try {
            return engine.list(first.substring(0, slash), first.substring(slash + 1));
        } catch (IOException e) {
            throw new UncheckedIOException("the log of " + snapshot.table() + " cannot be listed", e);
        }
    }

    private synchronized @Nullable Known get(TableLocation table) {
        return known.get(table);
    }

    private synchronized void forget(TableLocation table) {
        known.remove(table);
    }

    private synchronized void put(TableLocation table, Known snapshot) {
        known.put(table, snapshot);
    }
}
