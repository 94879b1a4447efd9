package dev.tarn.connect.odoo;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.TableName;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a look did for one table.
 *
 * @param rows read and appended
 * @param version of the bronze table that holds them; empty when there was nothing new and nothing was committed
 */
public record Extracted(TableName table, long rows, OptionalLong version, Duration took) {
    public Extracted {
        requireNonNull(table, "table");
        requireNonNull(version, "version");
        requireNonNull(took, "took");
    }
}
