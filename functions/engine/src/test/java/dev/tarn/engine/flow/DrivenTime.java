package dev.tarn.engine.flow;

import dev.tarn.engine.delta.Pause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when the test lets it pass, or when somebody rests. */
final class DrivenTime extends Clock implements Pause {

    final List<Duration> rests = new ArrayList<>();

    /** Happens during the next rests, one each. */
    final List<Runnable> meanwhile = new ArrayList<>();

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void of(Duration time) {
        rests.add(time);
        pass(time);
        if (!meanwhile.isEmpty()) {
            meanwhile.remove(0).run();
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants have no zone");
    }
}
