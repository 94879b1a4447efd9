package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.TableName;
import java.time.Duration;

/**
 * What publishing did to one table of a sink.
 *
 * @param to schema and table of the target
 * @param goldVersion the target now holds
 * @param bytesFetched of the gold table's files; none where the lake is on this machine
 */
public record Published(
        TableName from,
        String to,
        long goldVersion,
        long inserted,
        long updated,
        long deleted,
        long bytesFetched,
        Duration took) {
    public Published {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(took, "took");
    }
}
