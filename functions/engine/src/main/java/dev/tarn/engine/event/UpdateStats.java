package dev.tarn.engine.event;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one update did.
 *
 * @param rowsRead rows of the tables that were read, whole or new ones
 * @param rowsWritten rows of the result; of a merge those that are in the table afterwards, {@link MergedRows#upserted}
 * @param rowsDropped rows that an expectation left out
 * @param merged of a merge, what it did by key; null for an update that adds or replaces rows
 * @param bytesWritten of data files that came into the table
 * @param bytesFetched of data files, for the update's queries; none where the lake is on this machine or what they read
 *     had been fetched before
 */
public record UpdateStats(
        long rowsRead,
        long rowsWritten,
        long rowsDropped,
        @Nullable MergedRows merged,
        long bytesWritten,
        long bytesFetched,
        List<ExpectationCount> expectations,
        Duration took) {

    public UpdateStats {
        expectations = List.copyOf(expectations);
        requireNonNull(took, "took");
        if (rowsRead < 0 || rowsWritten < 0 || rowsDropped < 0 || bytesWritten < 0 || bytesFetched < 0) {
            throw new IllegalArgumentException("rows and bytes are not negative");
        }
    }

    /** Of an update that merges nothing and, as far as is known, wrote no bytes. */
    public UpdateStats(
            long rowsRead,
            long rowsWritten,
            long rowsDropped,
            long bytesFetched,
            List<ExpectationCount> expectations,
            Duration took) {
        this(rowsRead, rowsWritten, rowsDropped, null, 0, bytesFetched, expectations, took);
    }

    /** The same update, known to have merged rows by their keys. */
    public UpdateStats merging(long upserted, long deleted) {
        return new UpdateStats(
                rowsRead,
                upserted,
                rowsDropped,
                new MergedRows(upserted, deleted),
                bytesWritten,
                bytesFetched,
                expectations,
                took);
    }

    /** The same update, known to have written files of {@code bytes} bytes. */
    public UpdateStats writing(long bytes) {
        return new UpdateStats(rowsRead, rowsWritten, rowsDropped, merged, bytes, bytesFetched, expectations, took);
    }
}
