package dev.tarn.engine.lake;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.tarn.model.UpdateId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;

/** Gives ids that sort by the time of the lake's clock. Safe for use by several threads. */
final class UpdateIds {

    private final TimeBasedEpochGenerator generator;

    UpdateIds(Clock clock) {
        Random random = new SecureRandom();
        this.generator = new TimeBasedEpochGenerator(random, new UUIDClock() {
            @Override
            public long currentTimeMillis() {
                return clock.millis();
            }
        });
    }

    UpdateId next() {
        return new UpdateId(generator.generate());
    }
}
