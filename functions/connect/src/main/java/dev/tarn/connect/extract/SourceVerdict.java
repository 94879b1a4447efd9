package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What a {@link Verification} found.
 *
 * @param asOf when the source's snapshot was taken, by the source's clock
 * @param snapshot horizon and next transaction of the snapshot, {@code 781234:781240}
 * @param tables in the order in which they were asked for
 */
public record SourceVerdict(Instant asOf, String snapshot, List<TableVerdict> tables) {

    public SourceVerdict {
        requireNonNull(asOf, "asOf");
        requireNonNull(snapshot, "snapshot");
        tables = List.copyOf(tables);
    }

    /** Whether no table differs. */
    public boolean equal() {
        return tables.stream().noneMatch(TableVerdict::differs);
    }
}
