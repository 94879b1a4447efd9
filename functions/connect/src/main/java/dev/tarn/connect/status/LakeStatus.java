package dev.tarn.connect.status;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * A lake as it stands.
 *
 * @param project name of the project whose plan the lake holds
 * @param lake where it is
 * @param timezone in which people read times
 * @param at when this was found out
 * @param tables in the order in which data flows, sinks last
 */
public record LakeStatus(String project, String lake, ZoneId timezone, Instant at, List<TableStatus> tables) {

    public LakeStatus {
        requireNonNull(timezone, "timezone");
        requireNonNull(at, "at");
        tables = List.copyOf(tables);
    }

    /** Whether a table's last update failed. */
    public boolean hasFailures() {
        return tables.stream().anyMatch(table -> table.state() instanceof TableStatus.State.Failed);
    }
}
