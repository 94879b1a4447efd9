package dev.tarn.engine.event;

import java.time.Duration;
import java.util.List;

/**
 * What one update did.
 *
 * @param rowsRead rows of the tables that were read, whole or new ones
 * @param rowsWritten rows of the result
 * @param rowsDropped rows that an expectation left out
 * @param bytesFetched of data files, for the update's queries; none where the lake is on this machine or what they read
 *     had been fetched before
 */
public record UpdateStats(
        long rowsRead,
        long rowsWritten,
        long rowsDropped,
        long bytesFetched,
        List<ExpectationCount> expectations,
        Duration took) {

    public UpdateStats {
        expectations = List.copyOf(expectations);
        if (rowsRead < 0 || rowsWritten < 0 || rowsDropped < 0 || bytesFetched < 0) {
            throw new IllegalArgumentException("rows and bytes are not negative");
        }
    }
}
