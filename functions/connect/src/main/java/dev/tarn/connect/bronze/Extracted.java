package dev.tarn.connect.bronze;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.TableName;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a look did for one table.
 *
 * @param rows read and appended
 * @param version of the bronze table that holds them; empty when there was nothing new and nothing was committed
 * @param remarks on what was met, sentences for the user
 */
public record Extracted(TableName table, long rows, OptionalLong version, Duration took, List<String> remarks) {
    public Extracted {
        requireNonNull(table, "table");
        requireNonNull(version, "version");
        requireNonNull(took, "took");
        remarks = List.copyOf(remarks);
    }

    /** The same with these remarks. */
    public Extracted with(List<String> others) {
        return new Extracted(table, rows, version, took, others);
    }
}
