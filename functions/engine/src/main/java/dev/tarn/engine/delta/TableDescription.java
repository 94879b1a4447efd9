package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a table is, as its log tells.
 *
 * @param comment empty when there is none
 * @param refusal why Tarn does not write to the table, a sentence; null when it does
 * @param flowRefusal why no flow of Tarn can fill the table; null when one can
 * @param columns with the fields of structs, each after the column it belongs to
 * @param checkpoint version of the newest checkpoint up to this version, null when there is none
 */
public record TableDescription(
        TableLocation table,
        String id,
        long version,
        Instant timestamp,
        String comment,
        Protocol protocol,
        @Nullable String refusal,
        @Nullable String flowRefusal,
        List<ColumnDescription> columns,
        List<String> partitionBy,
        Map<String, String> properties,
        Files files,
        @Nullable Long checkpoint) {

    /** What a reader and a writer have to know of Delta; {@code features} are the table's named ones, ordered. */
    public record Protocol(int reader, int writer, List<String> features) {
        public Protocol {
            features = List.copyOf(features);
        }
    }

    /**
     * How much the table is.
     *
     * @param rows without those that are hidden
     * @param withDeletionVector number of files of which rows are hidden
     * @param hiddenRows number of rows that deletion vectors hide
     */
    public record Files(long number, long bytes, long rows, long withDeletionVector, long hiddenRows) {}

    public TableDescription {
        requireNonNull(table, "table");
        requireNonNull(timestamp, "timestamp");
        columns = List.copyOf(columns);
        partitionBy = List.copyOf(partitionBy);
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }
}
