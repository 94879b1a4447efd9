package dev.tarn.connect.trigger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message once its unit is done or has failed. The message itself is done with.
 *
 * @param next for the queue of units
 * @param poison for the queue of those that were given up
 * @param failure for the log, null when there was none
 */
public record Passed(List<String> next, List<String> poison, @Nullable RuntimeException failure) {

    public Passed {
        next = List.copyOf(next);
        poison = List.copyOf(poison);
    }

    static Passed on(List<UnitMessage> left) {
        return new Passed(left.stream().map(UnitMessage::toJson).toList(), List.of(), null);
    }

    static Passed again(UnitMessage attempt, RuntimeException failure) {
        return new Passed(List.of(attempt.toJson()), List.of(), failure);
    }

    static Passed givenUp(PoisonMessage poison, RuntimeException failure) {
        return new Passed(List.of(), List.of(poison.toJson()), failure);
    }
}
