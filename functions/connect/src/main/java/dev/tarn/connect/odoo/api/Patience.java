package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.delta.Pause;
import java.time.Clock;
import java.time.Duration;

/**
 * How much a server is asked for, and how often before it counts as not there.
 *
 * @param attempts of one request, the first included
 * @param longest time that one request with its repetitions and pauses may take before the last attempt begins
 * @param timeout of one attempt
 * @param mostBytes of one answer
 */
public record Patience(int attempts, Duration longest, Duration timeout, int mostBytes, Clock clock, Pause pause) {

    private static final int FASTEST_DOUBLINGS = 5;

    public Patience {
        requireNonNull(longest, "longest");
        requireNonNull(timeout, "timeout");
        requireNonNull(clock, "clock");
        requireNonNull(pause, "pause");
        if (attempts < 1 || mostBytes < 1) {
            throw new IllegalArgumentException("at least one attempt and one byte");
        }
    }

    /** Six attempts within three minutes; a minute and 16 MiB for each answer. */
    public static Patience usual(Clock clock) {
        return new Patience(6, Duration.ofMinutes(3), Duration.ofMinutes(1), 16 << 20, clock, Pause.real());
    }

    /** One attempt of half a minute, for somebody who waits for the answer. */
    public static Patience once(Clock clock) {
        return new Patience(1, Duration.ofSeconds(30), Duration.ofSeconds(30), 16 << 20, clock, Pause.real());
    }

    /** The pause after so many failed attempts, if the server names none: 1 s, 2 s, 4 s up to half a minute. */
    Duration pauseAfter(int failures) {
        return Duration.ofSeconds(Math.min(1L << Math.min(failures - 1, FASTEST_DOUBLINGS), 30));
    }
}
