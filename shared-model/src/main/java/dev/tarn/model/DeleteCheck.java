package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * How rows that are gone from a source are noticed: by comparing keys.
 *
 * @param every time between two comparisons of a table
 * @param stopAbove share of a table's rows, 0 to 1; more deletes than that wait until somebody accepts them
 */
public record DeleteCheck(Duration every, BigDecimal stopAbove) {

    public DeleteCheck {
        requireNonNull(stopAbove, "stopAbove");
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("the time between two comparisons must be positive, got " + every);
        }
        if (stopAbove.signum() < 0 || stopAbove.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("a share lies between 0 and 1, got " + stopAbove);
        }
    }
}
