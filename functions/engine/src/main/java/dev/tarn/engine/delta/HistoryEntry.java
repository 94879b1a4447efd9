package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A commit, as its writer described it. What the writer left out is empty.
 *
 * @param timestamp by the clock of the writer where the table keeps such times, else by the clock of the storage
 * @param operation {@code WRITE}, {@code MERGE} ...
 * @param parameters of the operation, texts as they stand in the log
 * @param metrics of the operation, texts as they stand in the log
 * @param engine that wrote the commit
 */
public record HistoryEntry(
        long version,
        Instant timestamp,
        String operation,
        Map<String, String> parameters,
        Map<String, String> metrics,
        String engine) {

    public HistoryEntry {
        requireNonNull(timestamp, "timestamp");
        requireNonNull(operation, "operation");
        requireNonNull(engine, "engine");
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
}
