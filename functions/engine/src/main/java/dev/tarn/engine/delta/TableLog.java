package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.Iterators;
import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.DeltaHistoryManager;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.fs.Path;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commits of one table, file by file. */
final class TableLog {

    private static final StructType COMMIT_INFO = new StructType()
            .add(
                    "commitInfo",
                    new StructType()
                            .add(CommitInfo.FULL_SCHEMA.get("txnId"))
                            .add(CommitInfo.FULL_SCHEMA.get("operationParameters")));

    private final TableLocation table;
    private final DeltaTables lake;

    TableLog(TableLocation table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
    }

    String folder() {
        return table.path() + "/_delta_log";
    }

    /** Path of the commit in the storage. */
    String path(long version) {
        return FileNames.deltaFile(folder(), version);
    }

    /** Hands every action of the commit to {@code consumer}; false when the commit is not there (any more). */
    boolean forEachAction(FileStatus commit, Consumer<Row> consumer) {
        return forEachRow(commit, SingleAction.FULL_SCHEMA, consumer);
    }

    /** As {@link #forEachAction}, by {@link FileActions#SCHEMA}: files of changes are told, too. */
    boolean forEachFileAction(FileStatus commit, Consumer<Row> consumer) {
        return forEachRow(commit, FileActions.SCHEMA, consumer);
    }

    /** All files of the log, in the order of their names. */
    List<FileStatus> files() {
        return files("");
    }

    /** The files of the log from the version on, in their order. */
    List<FileStatus> files(long version) {
        return files("%020d".formatted(version));
    }

    private List<FileStatus> files(String from) {
        try {
            return lake.engine().list(folder(), from);
        } catch (IOException e) {
            throw new UncheckedIOException("the log of " + table + " cannot be listed", e);
        }
    }

    /** The oldest version that can be read whole. */
    long oldestVersion() {
        try {
            return DeltaHistoryManager.getEarliestRecreatableCommit(
                    lake.engine(), new Path(KernelEngine.kernelPath(folder())), Optional.empty());
        } catch (TableNotFoundException gone) {
            throw absent();
        }
    }

    TarnException absent() {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND, table + " does not exist.", "Name a table that is in the lake.");
    }

    /** As {@link #forEachAction}, by {@link FlowMarks#SCHEMA}. */
    boolean forEachMark(FileStatus commit, Consumer<Row> consumer) {
        return forEachRow(commit, FlowMarks.SCHEMA, consumer);
    }

    /** The ids of the attempts whose work the commit is, none when it does not say; empty when there is no such commit. */
    Optional<Set<String>> writersOf(FileStatus commit) {
        Set<String> writers = new HashSet<>();
        boolean found = forEachRow(commit, COMMIT_INFO, action -> {
            if (!action.isNullAt(0)) {
                writers.addAll(writers(action.getStruct(0)));
            }
        });
        return found ? Optional.of(writers) : Optional.empty();
    }

    private static Set<String> writers(Row commitInfo) {
        Set<String> writers = new HashSet<>();
        if (!commitInfo.isNullAt(0)) {
            writers.add(commitInfo.getString(0));
        }
        if (!commitInfo.isNullAt(1)) {
            Map<String, String> parameters = VectorUtils.toJavaMap(commitInfo.getMap(1));
            @Nullable String shared = parameters.get(CommitFile.UPDATES);
            if (shared != null) {
                writers.addAll(List.of(shared.split(",")));
            }
        }
        return writers;
    }

    /** The commit as it is now. */
    FileStatus commit(long version) {
        return FileStatus.of(KernelEngine.kernelPath(path(version)));
    }

    private boolean forEachRow(FileStatus commit, StructType schema, Consumer<Row> consumer) {
        try (CloseableIterator<ColumnarBatch> batches =
                lake.engine().getJsonHandler().readJsonFiles(Iterators.of(List.of(commit)), schema, Optional.empty())) {
            while (batches.hasNext()) {
                forEachRow(batches.next(), consumer);
            }
            return true;
        } catch (KernelEngineException e) {
            if (e.getCause() instanceof FileNotFoundException) {
                return false;
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(commit.getPath() + " of the lake cannot be read", e);
        }
    }

    private static void forEachRow(ColumnarBatch batch, Consumer<Row> consumer) throws IOException {
        try (CloseableIterator<Row> rows = batch.getRows()) {
            while (rows.hasNext()) {
                consumer.accept(rows.next());
            }
        }
    }
}
