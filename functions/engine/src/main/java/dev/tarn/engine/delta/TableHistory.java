package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what writers said of their commits. The protocol leaves it to them what that is. */
final class TableHistory {

    private static final MapType TEXTS = new MapType(StringType.STRING, StringType.STRING, true);

    private static final StructType INFO = new StructType()
            .add("inCommitTimestamp", LongType.LONG)
            .add("operation", StringType.STRING)
            .add("operationParameters", TEXTS)
            .add("operationMetrics", TEXTS)
            .add("engineInfo", StringType.STRING);

    private static final StructType SCHEMA = new StructType().add("commitInfo", INFO);

    private final TableLog log;

    TableHistory(TableLog log) {
        this.log = log;
    }

    /** The newest commits up to {@code newest}, which are still in the log without a gap, the newest first. */
    List<HistoryEntry> upTo(long newest, int most) {
        CommitTimes times = CommitTimes.from(log, Math.max(0, newest - most + 1));
        List<HistoryEntry> entries = new ArrayList<>();
        for (long version = newest; times.has(version) && entries.size() < most; version--) {
            Optional<HistoryEntry> entry = entry(version, Instant.ofEpochMilli(times.millis(version)));
            if (entry.isEmpty()) {
                break;
            }
            entries.add(entry.get());
        }
        return entries;
    }

    /** Empty when somebody cleaned the commit away meanwhile. */
    private Optional<HistoryEntry> entry(long version, Instant stored) {
        List<HistoryEntry> found = new ArrayList<>();
        boolean there = log.forEachRow(log.commit(version), SCHEMA, action -> {
            if (!action.isNullAt(0)) {
                found.add(entry(version, stored, action.getStruct(0)));
            }
        });
        HistoryEntry unknown = new HistoryEntry(version, stored, "", Map.of(), Map.of(), "");
        return there ? Optional.of(found.isEmpty() ? unknown : found.get(0)) : Optional.empty();
    }

    private static HistoryEntry entry(long version, Instant stored, Row info) {
        int inCommit = INFO.indexOf("inCommitTimestamp");
        return new HistoryEntry(
                version,
                info.isNullAt(inCommit) ? stored : Instant.ofEpochMilli(info.getLong(inCommit)),
                text(info, "operation"),
                texts(info, "operationParameters"),
                texts(info, "operationMetrics"),
                text(info, "engineInfo"));
    }

    private static String text(Row info, String name) {
        int ordinal = INFO.indexOf(name);
        return info.isNullAt(ordinal) ? "" : info.getString(ordinal);
    }

    private static Map<String, String> texts(Row info, String name) {
        Map<String, String> texts = new TreeMap<>();
        int ordinal = INFO.indexOf(name);
        if (!info.isNullAt(ordinal)) {
            Map<String, @Nullable String> all = VectorUtils.toJavaMap(info.getMap(ordinal));
            all.forEach((key, value) -> {
                if (value != null) {
                    texts.put(key, value);
                }
            });
        }
        return texts;
    }
}
