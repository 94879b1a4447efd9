package dev.tarn.connect.extract;

import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When each table of a source was looked at last, and so what is due: by this process or, where processes come and go, by
 * any. To forget it costs looks that find nothing.
 */
public final class LookTimes {

    /** Statistics may come late or get lost, so a table is scanned now and then whatever they say. */
    private static final Duration LONGEST_WITHOUT_SCAN = Duration.ofMinutes(15);

    /** Scanning a smaller table costs no more than asking whether it is needed. */
    private static final long PAGES_WORTH_ASKING = 10_000;

    /** Before it, a session that rests keeps its counts to itself. */
    private static final int COUNTS_ARRIVE_SINCE = 15;

    private final TableSource source;
    private final Map<TableSource.Table, Times> tables = new HashMap<>();

    /**
     * The last looks at one table, null for those that never were.
     *
     * @param horizon at all that was written
     * @param fresh at what says that it is new
     * @param deletes for what is gone; where that takes several looks, the first of them
     * @param compared the first key that those looks have left to the next; null when none is left
     * @param counters of the table in the source's statistics, as they were before {@code horizon}
     */
    public record Times(
            @Nullable Instant horizon,
            @Nullable Instant fresh,
            @Nullable Instant deletes,
            @Nullable Long compared,
            @Nullable String counters) {}

    /** Nothing was looked at yet. */
    public LookTimes(TableSource source) {
        this(source, Map.of());
    }

    /** @param known of tables by their bronze tables */
    public LookTimes(TableSource source, Map<TableName, Times> known) {
        this.source = source;
        for (TableSource.Table table : source.tables()) {
            Times times = known.get(table.target());
            if (times != null) {
                tables.put(table, times);
            }
        }
    }

    /** All that is known, by bronze table. */
    public Map<TableName, Times> known() {
        Map<TableName, Times> known = new TreeMap<>();
        tables.forEach((table, times) -> known.put(table.target(), times));
        return known;
    }

    /** Whether any table is due. */
    public boolean isDue(Instant now) {
        return source.tables().stream().anyMatch(table -> due(table, now).isPresent());
    }

    /** The pass that is due; both at once is the one over the horizon, which finds everything. */
    Optional<TableLook.Pass> due(TableSource.Table table, Instant now) {
        Times times = times(table);
        if (isDue(times.horizon(), source.every(table), now)) {
            return Optional.of(TableLook.Pass.HORIZON);
        }
        return table.fresh() != null && isDue(times.fresh(), table.fresh(), now)
                ? Optional.of(TableLook.Pass.FRESH)
                : Optional.empty();
    }

    boolean deletesAreDue(TableSource.Table table, Instant now) {
        return times(table).compared() != null
                || isDue(times(table).deletes(), source.deletes().every(), now);
    }

    private static boolean isDue(@Nullable Instant last, Duration every, Instant now) {
        return last == null || !now.isBefore(last.plus(every));
    }

    /**
     * Whether the statistics show that nothing was written since the last scan. A row whose transaction has not been counted
     * yet is only read later: the horizon does not move when a scan is left out.
     */
    boolean isUntouched(TableSource.Table table, SourceTable found, int serverVersion, Instant now) {
        Times times = times(table);
        return serverVersion >= COUNTS_ARRIVE_SINCE
                && found.pages() > PAGES_WORTH_ASKING
                && !found.counters().isEmpty()
                && found.counters().equals(times.counters())
                && !isDue(times.horizon(), LONGEST_WITHOUT_SCAN, now);
    }

    /** Notes a scan that began at {@code now}, with the counters as they were before its snapshot. */
    public void scanned(TableSource.Table table, String counters, boolean deletes, Instant now) {
        Times times = times(table);
        tables.put(
                table,
                deletes
                        ? new Times(now, now, now, null, counters)
                        : new Times(now, now, times.deletes(), times.compared(), counters));
    }

    /** Notes that a scan, noted before or after, compared these keys. */
    void compared(TableSource.Table table, KeyRange keys, Instant now) {
        Times times = times(table);
        tables.put(
                table,
                new Times(
                        times.horizon(),
                        times.fresh(),
                        keys.from() == null ? now : times.deletes(),
                        keys.to(),
                        times.counters()));
    }

    void freshened(TableSource.Table table, Instant now) {
        Times times = times(table);
        tables.put(table, new Times(times.horizon(), now, times.deletes(), times.compared(), times.counters()));
    }

    /** The last looks at the table. */
    public Times times(TableSource.Table table) {
        return tables.getOrDefault(table, new Times(null, null, null, null, null));
    }
}
