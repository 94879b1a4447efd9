package dev.tarn.engine.delta;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a vacuum is to do.
 *
 * @param retainFor how long files stay that no newer version needs; null for as long as the table says
 *     ({@code delta.deletedFileRetentionDuration}, 7 days by default)
 * @param dryRun whether files are only counted
 */
public record VacuumRequest(@Nullable Duration retainFor, boolean dryRun) {

    public VacuumRequest {
        if (retainFor != null && retainFor.isNegative()) {
            throw new IllegalArgumentException("files cannot be kept for " + retainFor);
        }
    }

    /** Deletes what the table no longer keeps. */
    public static VacuumRequest usual() {
        return new VacuumRequest(null, false);
    }

    /** As {@link #retainFor()}. */
    Optional<Duration> retention() {
        return Optional.ofNullable(retainFor);
    }
}
