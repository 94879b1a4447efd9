package dev.tarn.engine.event;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Expectation;

/**
 * How many rows of one update kept a rule and how many broke it.
 *
 * @param dataset that the rule is of: the table that is filled, or a view on the way to it as the user named it
 */
public record ExpectationCount(
        String dataset, String name, Expectation.OnViolation onViolation, long passed, long failed) {

    public ExpectationCount {
        requireNonNull(onViolation, "onViolation");
        if (dataset.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a rule has a name and belongs to a dataset");
        }
        if (passed < 0 || failed < 0) {
            throw new IllegalArgumentException("rows are not negative: " + passed + ", " + failed);
        }
    }

    /** The counts of {@code rule}, which {@code failed} of {@code rows} rows broke. */
    public static ExpectationCount of(String dataset, Expectation rule, long rows, long failed) {
        return new ExpectationCount(dataset, rule.name(), rule.onViolation(), rows - failed, failed);
    }
}
