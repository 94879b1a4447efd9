package dev.tarn.engine.delta;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.RemoveFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files that commits brought to a table with rows that are new, for streams. */
final class AddedFiles {

    private static final String REFRESH = "Refresh the table that reads it fully.";

    private final TableSnapshot snapshot;
    private final DeltaTables lake;
    private final TableLog log;
    private final LiveFiles liveFiles;
    private final ChangeCommits changes;
    private final List<LiveFile> added = new ArrayList<>();

    AddedFiles(TableSnapshot snapshot, DeltaTables lake, ChangeCommits changes) {
        this.snapshot = snapshot;
        this.lake = lake;
        this.log = new TableLog(snapshot.table(), lake);
        this.liveFiles = new LiveFiles(snapshot.table(), lake);
        this.changes = changes;
    }

    /** Of the commits after version {@code fromExclusive} up to the snapshot's. */
    List<LiveFile> after(long fromExclusive) {
        for (long version = fromExclusive + 1; version <= snapshot.version(); version++) {
            OneCommit commit = new OneCommit();
            if (!log.forEachAction(snapshot.commit(version), commit::look)) {
                throw gone(version);
            }
            take(commit, version);
        }
        return added;
    }

    private static final class OneCommit {
        private final List<AddFile> adds = new ArrayList<>();
        private boolean removes;
        private @Nullable Metadata metadata;

        private void look(Row action) {
            if (!action.isNullAt(SingleAction.ADD_FILE_ORDINAL)) {
                AddFile add = new AddFile(action.getStruct(SingleAction.ADD_FILE_ORDINAL));
                if (add.getDataChange()) {
                    adds.add(add);
                }
            } else if (!action.isNullAt(SingleAction.REMOVE_FILE_ORDINAL)) {
                removes |= new RemoveFile(action.getStruct(SingleAction.REMOVE_FILE_ORDINAL)).getDataChange();
            } else if (!action.isNullAt(SingleAction.METADATA_ORDINAL)) {
                metadata = Metadata.fromRow(action.getStruct(SingleAction.METADATA_ORDINAL));
            }
        }
    }

    private void take(OneCommit commit, long version) {
        if (commit.removes && changes == ChangeCommits.REFUSE) {
            throw changed(version);
        }
        Optional.ofNullable(commit.metadata).ifPresent(metadata -> checkDefinition(metadata, version));
        if (!commit.removes) {
            commit.adds.forEach(add -> added.add(liveFiles.of(add)));
        }
    }

    private void checkDefinition(Metadata metadata, long version) {
        if (!metadata.getId().equals(snapshot.tableId())) {
            throw broken("Version " + version + " of " + snapshot.table() + " is of a table that was made anew since.");
        }
        checkColumns(metadata.getSchema(), version);
        if (!added.isEmpty()) {
            checkColumns(schemaBefore(version), version);
        }
    }

    /** Of rows that were read already: they are shown with the columns of the snapshot. */
    private StructType schemaBefore(long version) {
        try {
            return lake.table(snapshot.table()).snapshotAt(version - 1).kernel().getSchema();
        } catch (TarnException e) {
            if (e.code() != ErrorCode.TABLE_NOT_FOUND) {
                throw e;
            }
            throw gone(version - 1);
        }
    }

    /** Mapped columns are told apart by what they are called in the files, and widened ones are read as they are now. */
    private void checkColumns(StructType then, long version) {
        Map<String, String> properties = snapshot.kernel().getMetadata().getConfiguration();
        if (!properties.getOrDefault("delta.columnMapping.mode", "none").equals("none")
                || properties.getOrDefault("delta.enableTypeWidening", "false").equals("true")) {
            return;
        }
        AddedColumns.of(
                then,
                snapshot.kernel().getSchema(),
                difference -> broken("The columns of " + snapshot.table()
                        + " changed other than by adding some, in version " + version + " or later ("
                        + ChangeFeed.described(difference) + "), so the rows from before cannot be read with those that"
                        + " came since."));
    }

    private TarnException changed(long version) {
        return new TarnException(
                ErrorCode.STREAM_BROKEN,
                "Version " + version + " of " + snapshot.table()
                        + " updated or deleted rows, so the rows that are new cannot be told"
                        + " from those that were there.",
                "Make the table that reads it a materialized view, or refresh it fully.");
    }

    private TarnException gone(long version) {
        return broken("Version " + version + " of " + snapshot.table()
                + " is no longer in its log, so the rows it brought are unknown.");
    }

    private static TarnException broken(String what) {
        return new TarnException(ErrorCode.STREAM_BROKEN, what, REFRESH);
    }
}
