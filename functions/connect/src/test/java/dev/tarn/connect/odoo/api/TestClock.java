package dev.tarn.connect.odoo.api;

import dev.tarn.engine.delta.Pause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A clock that only moves while somebody waits by it. */
final class TestClock extends Clock implements Pause {

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private final List<Duration> pauses = new ArrayList<>();

    @Override
    public synchronized void of(Duration time) {
        pauses.add(time);
        now = now.plus(time);
    }

    synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("moments have no zone here");
    }

    /** Six attempts within three minutes of this clock. */
    Patience patience() {
        return new Patience(6, Duration.ofMinutes(3), Duration.ofSeconds(20), 1 << 20, this, this);
    }
}
