package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.FileStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A table as of one version. Immutable and safe to share; the list of files is read when it is first asked for. */
public final class TableSnapshot {

    /** Snapshots live as long as their table has nothing newer: larger lists are read again when they are asked for. */
    private static final int MOST_REMEMBERED_FILES = 10_000;

    private final TableLocation table;
    private final DeltaTables lake;
    private final SnapshotImpl kernel;
    private final LogTail tail;
    private final TableLog log;
    private final LiveFiles liveFiles;
    private @Nullable List<LiveFile> files;
    private @Nullable Added added;

    private record Added(long fromExclusive, ChangeCommits changes, List<LiveFile> files) {}

    TableSnapshot(TableLocation table, DeltaTables lake, SnapshotImpl kernel, LogTail tail) {
        this.table = table;
        this.lake = lake;
        this.kernel = kernel;
        this.tail = tail;
        this.log = new TableLog(table, lake);
        this.liveFiles = new LiveFiles(table, lake);
    }

    public TableLocation table() {
        return table;
    }

    public long version() {
        return kernel.getVersion();
    }

    /** Stays the same as long as the table is not deleted and created anew. */
    public String tableId() {
        return kernel.getMetadata().getId();
    }

    public TableSchema schema() {
        return KernelTypes.fromKernel(kernel.getSchema());
    }

    /** Columns of {@link #schema} by whose values the files are divided, none for an unpartitioned table. */
    public List<String> partitionBy() {
        return kernel.getPartitionColumnNames();
    }

    /** When the version was committed, by the clock of its writer or, without in-commit timestamps, of the storage. */
    public Instant timestamp() {
        return Instant.ofEpochMilli(kernel.getTimestamp(lake.engine()));
    }

    /** What the table is for; empty when nobody said so. */
    public String comment() {
        return kernel.getMetadata().getDescription().orElse("");
    }

    /** What the log tells of this version. Looks at every file's entry. */
    public TableDescription describe() {
        return new DescribedTable(this, lake).description();
    }

    /** Rows of the table. */
    public long numRecords() {
        return liveFiles().stream().mapToLong(file -> file.file().records()).sum();
    }

    /** Files of the table, in no order. */
    public List<DataFile> files() {
        return liveFiles().stream().map(LiveFile::file).toList();
    }

    /** How far the flow has come in filling this table; empty when it never committed. */
    public Optional<FlowProgress> progress(String flowId) {
        return tail.marks().progress(flowId, kernel);
    }

    /** Number of the flow's last update of this table; empty when it never committed. */
    public OptionalLong updateNumber(String flowId) {
        Optional<Long> number = tail.marks().number(flowId, kernel, lake.engine());
        return number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty();
    }

    /** As {@link #scan(Session, Supplier)}, with all columns. */
    public String scan(Session session) {
        return scan(session, this::allColumns);
    }

    /**
     * A FROM-expression in parentheses over all rows, with the columns and types of {@link #schema}, for this session and
     * as long as it is open.
     *
     * @param columns that are read of it: where the lake is elsewhere, only they are fetched, and reading another one
     *     fails. Asked only when that spares something
     */
    public String scan(Session session, Supplier<Set<String>> columns) {
        return scanSql(session).over(liveFiles(), columns);
    }

    /** As {@link #scan(Session, Supplier)}, over the rows that the filter means; files that hold none of them are not read. */
    public String scan(Session session, RowFilter filter, Supplier<Set<String>> columns) {
        ReadScope scope = ReadScope.within(new Deletion(lake, session, this).ranges(filter));
        List<LiveFile> met = filesWithin(scope).stream().map(liveFiles::of).toList();
        return "(SELECT * FROM " + scanSql(session).over(met, columns) + " WHERE " + filter.sql() + ")";
    }

    /**
     * Looks up the rows that have one of few keys.
     *
     * @param few a FROM-expression over rows with the keys, none of them NULL, that fit into memory
     * @param columns that are read besides the keys, at once
     */
    public FoundRows find(Session session, List<String> keys, String few, Set<String> columns) {
        return FoundRows.of(this, lake, session, keys, few, columns);
    }

    /** As {@link #scan(Session)}, with the columns of {@code schema}, which may be more and then are NULL. */
    String scan(Session session, StructType schema) {
        return scanSql(session, schema).over(liveFiles(), () -> Set.copyOf(schema.fieldNames()));
    }

    private Set<String> allColumns() {
        return Set.copyOf(schema().names());
    }

    /** As {@link #scanAdded(Session, long, ChangeCommits, Supplier)}, ending at a commit that changes rows. */
    public String scanAdded(Session session, long fromExclusive, Supplier<Set<String>> columns) {
        return scanAdded(session, fromExclusive, ChangeCommits.REFUSE, columns);
    }

    /**
     * As {@link #scan(Session, Supplier)}, over the rows that came after version {@code fromExclusive} (-1 for the very
     * beginning) up to this version. Throws {@link TarnException} with {@link ErrorCode#STREAM_BROKEN} when rows were
     * updated or deleted in between and such commits are not to be skipped, when commits in between are no longer in the
     * log, or when columns changed other than by adding some.
     */
    public String scanAdded(Session session, long fromExclusive, ChangeCommits changes, Supplier<Set<String>> columns) {
        return scanSql(session).over(filesAdded(fromExclusive, changes), columns);
    }

    /** As {@link #numRecordsAdded(long, ChangeCommits)}, ending at a commit that changes rows. */
    public long numRecordsAdded(long fromExclusive) {
        return numRecordsAdded(fromExclusive, ChangeCommits.REFUSE);
    }

    /** Number of the rows of {@link #scanAdded}, known without reading them. */
    public long numRecordsAdded(long fromExclusive, ChangeCommits changes) {
        return filesAdded(fromExclusive, changes).stream()
                .mapToLong(file -> file.file().records())
                .sum();
    }

    private synchronized List<LiveFile> filesAdded(long fromExclusive, ChangeCommits changes) {
        if (added != null && added.fromExclusive == fromExclusive && added.changes == changes) {
            return added.files;
        }
        List<LiveFile> read = new AddedFiles(this, lake, changes).after(fromExclusive);
        if (read.size() <= MOST_REMEMBERED_FILES) {
            added = new Added(fromExclusive, changes, read);
        }
        return read;
    }

    /** Version of the commit that the update made after version {@code fromExclusive}; empty when it made none. */
    public OptionalLong versionOfUpdate(UpdateId update, long fromExclusive) {
        for (long version = version(); version > fromExclusive; version--) {
            if (log.writersOf(commit(version))
                    .filter(writers -> writers.contains(update.toString()))
                    .isPresent()) {
                return OptionalLong.of(version);
            }
        }
        return OptionalLong.empty();
    }

    SnapshotImpl kernel() {
        return kernel;
    }

    LogTail tail() {
        return tail;
    }

    /** The commit as it was when it was listed, or else as it is now. */
    FileStatus commit(long version) {
        FileStatus now = log.commit(version);
        return tail.file(now.getPath()).orElse(now);
    }

    /** Files that may hold a row of the scope. */
    List<AddFile> filesWithin(ReadScope scope) {
        List<AddFile> files = new ArrayList<>();
        forEachFile(file -> {
            if (scope.meets(file)) {
                files.add(file);
            }
        });
        return files;
    }

    void forEachFile(Consumer<AddFile> consumer) {
        liveFiles.forEach(kernel, consumer);
    }

    private synchronized List<LiveFile> liveFiles() {
        if (files != null) {
            return files;
        }
        List<LiveFile> read = liveFiles.of(kernel);
        if (read.size() <= MOST_REMEMBERED_FILES) {
            files = read;
        }
        return read;
    }

    private ScanSql scanSql(Session session) {
        return scanSql(session, kernel.getSchema());
    }

    /** @param schema this version's, or one with more columns, which are NULL */
    ScanSql scanSql(Session session, StructType schema) {
        return new ScanSql(table, version(), lake, session, schema, new HashSet<>(partitionBy()));
    }

    @Override
    public String toString() {
        return table + "@" + version();
    }
}
