package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.Iterators;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.RemoveFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.snapshot.LogSegment;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The files that a version of a table needs which is the newest or younger than a moment, and the folders in which the log
 * says that files were. Read from the newest version, from what its checkpoint still knows of removed files, and from the
 * commits themselves: checkpoints may forget a removed file before its time.
 */
final class NeededFiles {

    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

    private static final StructType REMOVES = new StructType().add("remove", RemoveFile.FULL_SCHEMA);

    private final DeltaTables lake;
    private final TableSnapshot newest;
    private final TableLog log;
    private final long cut;
    private final Set<String> needed = new HashSet<>();
    private final Set<String> folders = new TreeSet<>(Set.of("", "_change_data"));

    private NeededFiles(DeltaTables lake, TableSnapshot newest, TableLog log, long cutMillis) {
        this.lake = lake;
        this.newest = newest;
        this.log = log;
        this.cut = cutMillis;
    }

    /**
     * @param listed all files of the log, listed not later than {@code newest} was loaded or after
     * @param cutMillis when the oldest version was replaced whose files are needed
     */
    static NeededFiles of(
            DeltaTables lake, TableSnapshot newest, TableLog log, List<FileStatus> listed, long cutMillis) {
        NeededFiles files = new NeededFiles(lake, newest, log, cutMillis);
        newest.forEachFile(add -> files.note(add.getPath(), add.getDeletionVector(), true));
        files.readCheckpoint();
        files.readCommits(listed);
        return files;
    }

    /** Whether the file is needed; by its path relative to the table's folder. */
    boolean contains(String path) {
        return needed.contains(path);
    }

    /** Folders of files that are or were part of the table, relative to its own. */
    Set<String> folders() {
        return folders;
    }

    private void readCheckpoint() {
        List<FileStatus> checkpoint = newest.kernel().getLogSegment().getCheckpoints();
        try (CloseableIterator<FileReadResult> files = lake.engine()
                .getParquetHandler()
                .readParquetFiles(Iterators.of(checkpoint), REMOVES, Optional.empty())) {
            while (files.hasNext()) {
                try (CloseableIterator<Row> rows = files.next().getData().getRows()) {
                    rows.forEachRemaining(row -> {
                        if (!row.isNullAt(0)) {
                            removed(new RemoveFile(row.getStruct(0)), Long.MIN_VALUE);
                        }
                    });
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of " + newest + " cannot be read", e);
        }
    }

    private void readCommits(List<FileStatus> listed) {
        LogSegment segment = newest.kernel().getLogSegment();
        long checkpoint = segment.getCheckpointVersionOpt().orElse(-1L);
        // In a table without folders there is nothing to be found where no live file is.
        boolean all = !newest.partitionBy().isEmpty() || folders.size() > 2;
        for (FileStatus file : listed) {
            if (FileNames.isPublishedDeltaFile(file.getPath())) {
                long version = FileNames.deltaVersion(file.getPath());
                if (all || version > checkpoint || file.getModificationTime() > cut) {
                    log.forEachFileAction(file, action(version, file.getModificationTime()));
                }
            }
        }
    }

    private Consumer<Row> action(long version, long committed) {
        return action -> {
            if (!action.isNullAt(SingleAction.ADD_FILE_ORDINAL)) {
                AddFile add = new AddFile(action.getStruct(SingleAction.ADD_FILE_ORDINAL));
                note(add.getPath(), add.getDeletionVector(), version > newest.version());
            } else if (!action.isNullAt(SingleAction.REMOVE_FILE_ORDINAL)) {
                removed(new RemoveFile(action.getStruct(SingleAction.REMOVE_FILE_ORDINAL)), committed);
            } else if (!action.isNullAt(FileActions.CDC_ORDINAL)) {
                String path = action.getStruct(FileActions.CDC_ORDINAL).getString(0);
                note(path, Optional.empty(), committed > cut);
            }
        };
    }

    /** @param committed when the storage got the commit, by its own clock, which is the one that files are judged by */
    private void removed(RemoveFile file, long committed) {
        boolean isNeeded = Math.max(file.getDeletionTimestamp().orElse(0L), committed) > cut;
        note(file.getPath(), file.getDeletionVector(), isNeeded);
    }

    private void note(String path, Optional<DeletionVectorDescriptor> vector, boolean isNeeded) {
        note(path, isNeeded);
        vector.filter(DeletionVectorDescriptor::isOnDisk)
                .ifPresent(found -> note(DeletionVectors.path(found).orElseGet(found::getPathOrInlineDv), isNeeded));
    }

    private void note(String path, boolean isNeeded) {
        String decoded = decoded(path);
        if (isAbsolute(path)) {
            // Another writer's way to call a file that may be one of this folder; by which root is not known here.
            for (int slash = decoded.indexOf('/'); isNeeded && slash >= 0; slash = decoded.indexOf('/', slash + 1)) {
                needed.add(decoded.substring(slash + 1));
            }
            return;
        }
        if (isNeeded) {
            needed.add(path);
            needed.add(decoded);
        }
        if (decoded.indexOf('/') > 0) {
            folders.add(decoded.substring(0, decoded.lastIndexOf('/')));
        }
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/") || ABSOLUTE.matcher(path).lookingAt();
    }

    /** Paths are URI-encoded (PROTOCOL.md, "Add File and Remove File"). */
    private static String decoded(String path) {
        try {
            return Optional.ofNullable(URI.create(path).getPath()).orElse(path);
        } catch (IllegalArgumentException notEncoded) {
            return path;
        }
    }
}
