package dev.tarn.connect.inbox;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A number of requests that a minute may bring, all at once or one after another. Safe to share. */
final class RateLimit {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final int perMinute;
    private final LongSupplier nanos;
    private double left;
    private long seen;

    RateLimit(int perMinute, LongSupplier nanos) {
        this.perMinute = perMinute;
        this.nanos = nanos;
        this.left = perMinute;
        this.seen = nanos.getAsLong();
    }

    int perMinute() {
        return perMinute;
    }

    /** How long to wait; empty when the request may come now, and is counted. */
    synchronized Optional<Duration> pass() {
        long now = nanos.getAsLong();
        left = Math.min(perMinute, left + (double) (now - seen) / MINUTE * perMinute);
        seen = now;
        if (left >= 1) {
            left -= 1;
            return Optional.empty();
        }
        double missing = 1 - left;
        return Optional.of(Duration.ofSeconds(Math.max(1, (long) Math.ceil(missing / perMinute * MINUTE / 1e9))));
    }
}
