package dev.tarn.engine.delta;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.RemoveFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.util.VectorUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one commit did to the rows of its table, as Spark reads it out of the log. */
final class CommittedChanges {

    private static final Set<String> MERGED_ROWS =
            Set.of("numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted");

    private final TableLocation table;
    private final LiveFiles files;
    private final long version;
    private final List<LiveFile> told = new ArrayList<>();
    private final Map<String, AddFile> added = new LinkedHashMap<>();
    private final Map<String, RemoveFile> removed = new LinkedHashMap<>();
    private @Nullable Metadata metadata;
    private @Nullable Row commitInfo;

    CommittedChanges(TableLocation table, LiveFiles files, long version) {
        this.table = table;
        this.files = files;
        this.version = version;
    }

    long version() {
        return version;
    }

    /** What the table is from this commit on, where it says so. */
    Optional<Metadata> metadata() {
        return Optional.ofNullable(metadata);
    }

    /** @param action a row of {@link FileActions#SCHEMA} */
    void look(Row action) {
        if (!action.isNullAt(SingleAction.ADD_FILE_ORDINAL)) {
            AddFile add = new AddFile(action.getStruct(SingleAction.ADD_FILE_ORDINAL));
            if (add.getDataChange()) {
                added.put(add.getPath(), add);
            }
        } else if (!action.isNullAt(SingleAction.REMOVE_FILE_ORDINAL)) {
            RemoveFile remove = new RemoveFile(action.getStruct(SingleAction.REMOVE_FILE_ORDINAL));
            if (remove.getDataChange()) {
                removed.put(remove.getPath(), remove);
            }
        } else if (!action.isNullAt(FileActions.CDC_ORDINAL)) {
            told.add(FileActions.changeFile(files, action.getStruct(FileActions.CDC_ORDINAL)));
        } else if (!action.isNullAt(SingleAction.METADATA_ORDINAL)) {
            metadata = Metadata.fromRow(action.getStruct(SingleAction.METADATA_ORDINAL));
        } else if (!action.isNullAt(SingleAction.COMMIT_INFO_ORDINAL)) {
            commitInfo = action.getStruct(SingleAction.COMMIT_INFO_ORDINAL);
        }
    }

    /** @param storedMillis when the commit was made, unless it says so itself */
    List<FileChange> changes(long storedMillis) {
        long millis =
                ofCommit("inCommitTimestamp").map(at -> commitInfo.getLong(at)).orElse(storedMillis);
        if (!told.isEmpty()) {
            return told.stream()
                    .map(file -> new FileChange(file, null, null, version, millis))
                    .toList();
        }
        List<FileChange> changes = new ArrayList<>();
        if (mergedNothing()) {
            return changes;
        }
        added.forEach((path, add) -> {
            @Nullable RemoveFile remove = removed.get(path);
            if (remove == null) {
                changes.add(new FileChange(inserted(add, vector(add)), null, ChangeRows.INSERT, version, millis));
            } else if (!Objects.equals(vector(add), vector(remove))) {
                changes.addAll(redrawn(add, vector(remove), vector(add), millis));
            }
        });
        removed.forEach((path, remove) -> {
            if (!added.containsKey(path)) {
                changes.add(new FileChange(deleted(remove), null, ChangeRows.DELETE, version, millis));
            }
        });
        return changes;
    }

    /** A file that stays, with another deletion vector: rows that it hides now, and rows that it hid before. */
    private List<FileChange> redrawn(
            AddFile add,
            @Nullable DeletionVectorDescriptor before,
            @Nullable DeletionVectorDescriptor after,
            long millis) {
        List<FileChange> changes = new ArrayList<>();
        if (after != null) {
            changes.add(new FileChange(inserted(add, before), after, ChangeRows.DELETE, version, millis));
        }
        if (before != null) {
            changes.add(new FileChange(inserted(add, after), before, ChangeRows.INSERT, version, millis));
        }
        return changes;
    }

    private static @Nullable DeletionVectorDescriptor vector(AddFile add) {
        return add.getDeletionVector().orElse(null);
    }

    private static @Nullable DeletionVectorDescriptor vector(RemoveFile remove) {
        return remove.getDeletionVector().orElse(null);
    }

    private LiveFile inserted(AddFile add, @Nullable DeletionVectorDescriptor hidden) {
        return files.uncounted(add.getPath(), add.getSize(), add.getPartitionValues(), hidden);
    }

    private LiveFile deleted(RemoveFile remove) {
        Optional<MapValue> partition = remove.getPartitionValues();
        Optional<Long> size = remove.getSize();
        if (partition.isEmpty() || size.isEmpty()) {
            throw new TarnException(
                    ErrorCode.CHANGES_UNAVAILABLE,
                    "Version " + version + " of " + table + " removed files without saying what they hold"
                            + " (extendedFileMetadata), so the rows that it deleted cannot be told.",
                    "Ask for changes from version " + (version + 1) + " on.");
        }
        return files.uncounted(
                remove.getPath(),
                size.get(),
                partition.get(),
                remove.getDeletionVector().orElse(null));
    }

    /** Spark's merge may rewrite files in which no row changed, and then tells no changes. */
    private boolean mergedNothing() {
        boolean merge = ofCommit("operation")
                .map(at -> commitInfo.getString(at))
                .filter("MERGE"::equals)
                .isPresent();
        Map<String, String> metrics = ofCommit("operationMetrics")
                .map(at -> VectorUtils.<String, String>toJavaMap(commitInfo.getMap(at)))
                .orElse(Map.of());
        return merge && MERGED_ROWS.stream().allMatch(metric -> "0".equals(metrics.get(metric)));
    }

    /** Where the commit info has the field; empty when it says nothing of it. */
    private Optional<Integer> ofCommit(String field) {
        int at = CommitInfo.FULL_SCHEMA.indexOf(field);
        return commitInfo == null || commitInfo.isNullAt(at) ? Optional.empty() : Optional.of(at);
    }
}
