package dev.tarn.connect.status;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.event.Passage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lake as it stands.
 *
 * @param project name of the project whose plan the lake holds
 * @param lake where it is
 * @param timezone in which people read times
 * @param at when this was found out
 * @param tables in the order in which data flows, sinks last
 * @param events the canary sent last, null where none was: no events announce the lake's files
 */
public record LakeStatus(
        String project, String lake, ZoneId timezone, Instant at, List<TableStatus> tables, @Nullable Passage events) {

    public LakeStatus {
        requireNonNull(timezone, "timezone");
        requireNonNull(at, "at");
        tables = List.copyOf(tables);
    }

    /** How events do, as a sentence; empty where none announce the lake's files. */
    public Optional<String> aboutEvents() {
        return Optional.ofNullable(events).map(canary -> {
            String took = Durations.coarse(canary.took(at));
            return canary.isThrough()
                    ? "Events took " + took + " through all containers, "
                            + Durations.coarse(Duration.between(canary.sent(), at)) + " ago."
                    : "A canary waits in " + canary.waitsIn().folder() + " since " + took
                            + (canary.isLate(at) ? ": events of that container do not arrive." : ".");
        });
    }

    /** Whether a table's last update failed. */
    public boolean hasFailures() {
        return tables.stream().anyMatch(table -> table.state() instanceof TableStatus.State.Failed);
    }
}
