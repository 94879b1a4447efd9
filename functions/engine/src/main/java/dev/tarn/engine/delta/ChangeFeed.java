package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.TableConfig;
import io.delta.kernel.internal.actions.Metadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Which rows a range of a table's commits inserted, updated and deleted (PROTOCOL.md, "Change Data Files"). */
final class ChangeFeed {

    private final DeltaTable table;
    private final DeltaTables lake;
    private final Session session;
    private final long from;
    private final long to;

    /** @param from to both inclusive */
    ChangeFeed(DeltaTable table, DeltaTables lake, Session session, long from, long to) {
        this.table = table;
        this.lake = lake;
        this.session = session;
        this.from = from;
        this.to = to;
    }

    /** A FROM-expression in parentheses, as {@link DeltaTable#changes} says. */
    String scan(Supplier<Set<String>> columns) {
        TableSnapshot newest = table.snapshot().orElseThrow(table.log()::absent);
        checkRange(newest.version());
        CommitTimes times = CommitTimes.from(table.log(), from);
        checkLog(times, newest.version());
        TableSnapshot last = to == newest.version() ? newest : table.snapshotAt(to);
        List<CommittedChanges> commits = read();
        NavigableMap<Long, Metadata> definitions = definitions(commits, last);
        checkFeedIsOn(definitions, newest);
        checkColumns(definitions, last);
        List<FileChange> changes = new ArrayList<>();
        commits.forEach(commit -> changes.addAll(commit.changes(times.millis(commit.version()))));
        return scan(last, changes, columns);
    }

    private void checkRange(long newest) {
        if (from > to) {
            throw unavailable("the range is upside down", "Give the earlier version first.");
        }
        if (from < 0) {
            throw unavailable("versions begin with 0", "Ask for changes from version 0 on.");
        }
        if (to > newest) {
            throw unavailable(
                    "its newest version is " + newest,
                    from > newest
                            ? "Ask again when it has a newer version."
                            : "Ask for changes up to version " + newest + ".");
        }
    }

    private void checkLog(CommitTimes times, long newest) {
        long first = times.firstOfAllUpTo(newest);
        // A checkpoint is needed to know what the table was when its first commits are gone.
        if (from >= first && (times.has(0) || from >= table.log().oldestVersion())) {
            return;
        }
        first = Math.max(first, table.log().oldestVersion());
        throw unavailable(
                "commits of these versions are no longer in its log, which has all from version " + first + " on",
                "Ask for changes from version " + first + " on.");
    }

    private List<CommittedChanges> read() {
        LiveFiles files = new LiveFiles(table.location(), lake);
        List<CommittedChanges> commits = new ArrayList<>();
        for (long version = from; version <= to; version++) {
            CommittedChanges commit = new CommittedChanges(table.location(), files, version);
            if (!table.log().forEachFileAction(table.log().commit(version), commit::look)) {
                throw unavailable(
                        "version " + version + " was taken from its log just now",
                        "Ask for changes from a later version on.");
            }
            commits.add(commit);
        }
        return commits;
    }

    /** What the table was at the first version, and at each that changed it. */
    private NavigableMap<Long, Metadata> definitions(List<CommittedChanges> commits, TableSnapshot last) {
        NavigableMap<Long, Metadata> definitions = new TreeMap<>();
        commits.forEach(commit -> commit.metadata().ifPresent(metadata -> definitions.put(commit.version(), metadata)));
        if (definitions.isEmpty()) {
            definitions.put(from, last.kernel().getMetadata());
        } else if (!definitions.containsKey(from)) {
            definitions.put(from, table.snapshotAt(from).kernel().getMetadata());
        }
        return definitions;
    }

    private void checkFeedIsOn(NavigableMap<Long, Metadata> definitions, TableSnapshot newest) {
        Optional<Long> off = definitions.entrySet().stream()
                .filter(definition -> !isOn(definition.getValue()))
                .map(NavigableMap.Entry::getKey)
                .findFirst();
        if (off.isPresent()) {
            throw unavailable(
                    "version " + off.get() + " did not keep its changes, as delta.enableChangeDataFeed was not true",
                    firstOn(definitions, newest)
                            .map(first -> "Ask for changes from version " + first + " on.")
                            .orElse("Set delta.enableChangeDataFeed to true: changes that come later are kept."));
        }
    }

    private static boolean isOn(Metadata metadata) {
        return TableConfig.CHANGE_DATA_FEED_ENABLED.fromMetadata(metadata);
    }

    /** The first version of which, and of all later ones, the changes are kept; empty when there is none. */
    private Optional<Long> firstOn(NavigableMap<Long, Metadata> definitions, TableSnapshot newest) {
        NavigableMap<Long, Metadata> all = new TreeMap<>(definitions);
        for (long version = to + 1; version <= newest.version(); version++) {
            long at = version;
            CommittedChanges commit =
                    new CommittedChanges(table.location(), new LiveFiles(table.location(), lake), version);
            table.log().forEachFileAction(newest.commit(version), commit::look);
            commit.metadata().ifPresent(metadata -> all.put(at, metadata));
        }
        Optional<Long> first = Optional.empty();
        for (NavigableMap.Entry<Long, Metadata> definition : all.descendingMap().entrySet()) {
            if (!isOn(definition.getValue())) {
                break;
            }
            first = Optional.of(definition.getKey());
        }
        return first;
    }

    /** Files are read by the columns of the last version, so those of the others have to be among them. */
    private void checkColumns(NavigableMap<Long, Metadata> definitions, TableSnapshot last) {
        Metadata now = last.kernel().getMetadata();
        definitions.entrySet().stream()
                .sorted(NavigableMap.Entry.comparingByKey(Comparator.reverseOrder()))
                .forEach(definition -> {
                    Metadata then = definition.getValue();
                    Long next = definitions.higherKey(definition.getKey());
                    AddedColumns.of(
                            then.getSchema(), now.getSchema(), difference -> redefined(next, described(difference)));
                    if (!then.getPartitionColNames().equals(now.getPartitionColNames())) {
                        throw redefined(next, "it is partitioned by other columns since");
                    }
                });
    }

    /** For a clause that tells how a column changed. */
    static String described(AddedColumns.Difference difference) {
        if (difference.before() == null) {
            return difference.path() + " came under a name that cannot be read";
        }
        if (difference.after() == null) {
            return difference.path() + ", before " + difference.before() + ", is gone since";
        }
        return difference.path() + ", before " + difference.before() + ", is "
                + (difference.path().equals(difference.pathAfter()) ? "" : difference.pathAfter() + " ")
                + difference.after() + " since";
    }

    /** @param version that redefined the table; null only when there is none, and nothing to refuse */
    private TarnException redefined(Long version, String how) {
        return unavailable(
                "version " + version + " changed its columns other than by adding some (" + how + ")",
                "Ask for changes up to version " + (version - 1) + ", and for those from version " + version
                        + " on by themselves.");
    }

    private String scan(TableSnapshot last, List<FileChange> changes, Supplier<Set<String>> columns) {
        ScanSql scan = new ScanSql(
                table.location(), to, lake, session, last.kernel().getSchema(), new HashSet<>(last.partitionBy()));
        try {
            return new ChangeScan(scan).over(changes, columns);
        } catch (NoSuchFileException e) {
            throw changes.stream()
                    .filter(change -> isNamedBy(e, change))
                    .max(Comparator.comparingLong(FileChange::version))
                    .map(change -> missing(change, e))
                    .orElseThrow(() -> new UncheckedIOException(e));
        } catch (IOException e) {
            throw new UncheckedIOException("changes of " + table.location() + " cannot be read", e);
        }
    }

    private static boolean isNamedBy(NoSuchFileException failure, FileChange change) {
        String missing = "/" + failure.getFile().replace('\\', '/');
        return missing.endsWith("/" + change.file().file().path());
    }

    private TarnException missing(FileChange change, NoSuchFileException cause) {
        return new TarnException(
                ErrorCode.CHANGES_UNAVAILABLE,
                what() + "the file " + change.file().file().path() + " of version " + change.version() + " is missing.",
                "Ask for changes from version " + (change.version() + 1)
                        + " on when a clean-up (VACUUM) took it; else restore it from a backup.",
                cause);
    }

    private String what() {
        return "Changes of " + table.location() + " from version " + from + " to " + to + " cannot be told: ";
    }

    private TarnException unavailable(String why, String mend) {
        return new TarnException(ErrorCode.CHANGES_UNAVAILABLE, what() + why + ".", mend);
    }
}
