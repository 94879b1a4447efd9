package dev.tarn.engine.lake;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.tarn.model.UpdateId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;

/** Gives ids that sort by the time of the lake's clock. Safe for use by several threads. */
public final class UpdateIds {

    private final TimeBasedEpochGenerator generator;

    public UpdateIds(Clock clock) {
        Random random = new SecureRandom();
        this.generator = new TimeBasedEpochGenerator(random, new UUIDClock() {
            @Override
            public long currentTimeMillis() {
                return clock.millis();
            }
        });
    }

    /** A new id, later than all before. */
    public UpdateId next() {
        return new UpdateId(generator.generate());
    }
}
