package dev.tarn.connect;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Problem;

/**
 * What an examination of a door of the lake found.
 *
 * @param text one line, without a value of a row or a secret
 * @param mend what to do; empty where nothing has to be done
 */
public record Finding(Level level, String text, String mend) {

    /** How bad it is. */
    public enum Level {
        OK,
        /** It works, and could be better or become a problem. */
        WARN,
        /** It does not work. */
        FAIL
    }

    public Finding {
        requireNonNull(level, "level");
        requireNonNull(mend, "mend");
        if (text.isBlank()) {
            throw new IllegalArgumentException("a finding says something");
        }
    }

    public static Finding ok(String text) {
        return new Finding(Level.OK, text, "");
    }

    public static Finding warn(String text, String mend) {
        return new Finding(Level.WARN, text, mend);
    }

    /** What keeps it from working. */
    public static Finding fail(Problem problem) {
        return new Finding(Level.FAIL, problem.code() + "  " + problem.what(), problem.mend());
    }
}
