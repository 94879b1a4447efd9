package dev.tarn.compiler;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a project says about itself.
 *
 * @param name of the project, from {@code spark-pipeline.yml}
 * @param timezone decides days and months
 * @param freshness age from which a table counts as stale
 * @param attempts after which an update that fails on the same input is set aside
 * @param alarms where alarms go, null when nobody wants to be told
 * @param targets by name, in the order of {@code tarn.yml}; one of them is the default
 */
public record ProjectSettings(
        String name,
        ZoneId timezone,
        Duration freshness,
        int attempts,
        @Nullable Notify alarms,
        Map<String, Target> targets) {

    /**
     * A lake the project can be run against.
     *
     * @param lake its address: a folder relative to the project, or a URL
     * @param app address of the function app that runs the lake; null when none is named
     */
    public record Target(String name, String lake, @Nullable URI app, boolean isDefault) {

        public Target(String name, String lake, boolean isDefault) {
            this(name, lake, null, isDefault);
        }

        public Target {
            if (name.isBlank() || lake.isBlank()) {
                throw new IllegalArgumentException("a target needs a name and a lake");
            }
        }
    }

    public ProjectSettings {
        requireNonNull(timezone, "timezone");
        requireNonNull(freshness, "freshness");
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        if (name.isBlank()) {
            throw new IllegalArgumentException("a project needs a name");
        }
        if (targets.values().stream().filter(Target::isDefault).count() != 1) {
            throw new IllegalArgumentException("a project needs exactly one default target");
        }
    }

    /** The target that is meant when none is named. */
    public Target defaultTarget() {
        return targets.values().stream().filter(Target::isDefault).findFirst().orElseThrow();
    }

    /** How a plan for the target of that name, or for the default one when it is empty, is watched. */
    Operation operation(String target) {
        return new Operation(target.isEmpty() ? defaultTarget().name() : target, freshness, attempts, alarms);
    }
}
