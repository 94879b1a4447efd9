package dev.tarn.engine.flow;

import dev.tarn.engine.delta.Pause;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Spaces the updates of a flow while its sources change all the time, so that one update gathers what many commits brought.
 * An update that follows none is made at once; the next ones rest longer and longer, until one is asked for so late that
 * no rest is due.
 */
final class Pace {

    static final Duration FIRST = Duration.ofMillis(100);

    /** As much as a chain of two flows may add to a change that is to be seen within seconds. */
    static final Duration LONGEST = Duration.ofSeconds(1);

    private final Clock clock;
    private final Pause pause;
    private final Map<String, Rest> rests = new ConcurrentHashMap<>();

    /** @param from end of the last update */
    private record Rest(Instant from, Duration time) {

        Duration left(Instant now) {
            Duration left = time.minus(Duration.between(from, now));
            // A clock that was set back is no reason to rest for long.
            return left.compareTo(time) > 0 ? time : left;
        }
    }

    Pace(Clock clock, Pause pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /** Lets the rest pass that the flow is due. */
    void rest(String flow) {
        Rest rest = rests.get(flow);
        if (rest == null) {
            return;
        }
        Duration left = rest.left(clock.instant());
        if (left.isNegative() || left.isZero()) {
            rests.remove(flow);
            return;
        }
        try {
            pause.of(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(
                    new InterruptedIOException("interrupted while gathering what " + flow + " reads"));
        }
    }

    /** An update of the flow has come to its end. */
    void updated(String flow) {
        Instant now = clock.instant();
        rests.merge(
                flow,
                new Rest(now, FIRST),
                (before, first) -> new Rest(now, shorter(before.time().multipliedBy(2), LONGEST)));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
