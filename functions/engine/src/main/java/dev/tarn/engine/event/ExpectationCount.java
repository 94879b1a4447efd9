package dev.tarn.engine.event;

import dev.tarn.model.Expectation;

/** How many rows of one update kept a rule and how many broke it. */
public record ExpectationCount(String name, Expectation.OnViolation onViolation, long passed, long failed) {

    public ExpectationCount {
        if (passed < 0 || failed < 0) {
            throw new IllegalArgumentException("rows are not negative: " + passed + ", " + failed);
        }
    }
}
