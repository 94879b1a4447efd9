package dev.tarn.connect.event;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Layer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * The way of one canary.
 *
 * @param sent when it was put into bronze, to the second
 * @param heard when the event of the canary's file in a container was heard; those of all three when it came through
 */
public record Passage(Instant sent, Map<Layer, Instant> heard) {

    /** Longer than an event takes that comes at all. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int CONTAINERS = 3;

    public Passage {
        requireNonNull(sent, "sent");
        heard = heard.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(heard));
    }

    /** Whether the events of all containers were heard. */
    public boolean isThrough() {
        return heard.size() == CONTAINERS;
    }

    /** Whether it waits for an event longer than one takes. */
    public boolean isLate(Instant now) {
        return !isThrough() && took(now).compareTo(PATIENCE) > 0;
    }

    /** The container whose event has not been heard; of one that is through, gold. */
    public Layer waitsIn() {
        if (!heard.containsKey(Layer.BRONZE)) {
            return Layer.BRONZE;
        }
        return heard.containsKey(Layer.SILVER) ? Layer.GOLD : Layer.SILVER;
    }

    /** From where it was sent to where it was heard of in gold; of one that is not through, until {@code now}. */
    public Duration took(Instant now) {
        return Duration.between(sent, heard.getOrDefault(Layer.GOLD, now));
    }
}
