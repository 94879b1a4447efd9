package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of a source with the lake found.
 *
 * @param asOf when the source's snapshot was taken, by the source's clock, or when its tables began to be read
 * @param snapshot horizon and next transaction of the snapshot, {@code 781234:781240}; null for a source that shows none
 * @param tables in the order in which they were asked for
 * @param limits sentences on what such a comparison does not see
 */
public record SourceVerdict(Instant asOf, @Nullable String snapshot, List<TableVerdict> tables, List<String> limits) {

    public SourceVerdict {
        requireNonNull(asOf, "asOf");
        tables = List.copyOf(tables);
        limits = List.copyOf(limits);
    }

    /** Whether no table differs. */
    public boolean equal() {
        return tables.stream().noneMatch(TableVerdict::differs);
    }
}
