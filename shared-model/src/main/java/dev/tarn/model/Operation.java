package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a plan is watched while it runs.
 *
 * @param target name of the target that it was compiled for
 * @param freshness age from which a table counts as stale
 * @param attempts after which an update that fails on the same input is set aside
 * @param alarms where alarms go, null when nobody wants to be told
 */
public record Operation(String target, Duration freshness, int attempts, @Nullable Notify alarms) {

    public static final Duration FRESHNESS = Duration.ofMinutes(5);
    public static final int ATTEMPTS = 5;

    /** What holds where a project says nothing. */
    public static final Operation USUAL = new Operation("local", FRESHNESS, ATTEMPTS, null);

    public Operation {
        requireNonNull(freshness, "freshness");
        if (target.isBlank()) {
            throw new IllegalArgumentException("a target needs a name");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("an update is tried at least once");
        }
    }
}
