package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something the user can mend. None of its texts holds row values, secrets or connection strings.
 *
 * @param position where in the user's files, or null when it is not in one
 * @param what a sentence: what is wrong, and with which table, column, flow or setting; why, where that is not plain
 * @param mend a sentence that begins with a capital letter: what to do
 */
public record Problem(ErrorCode code, @Nullable SourcePosition position, String what, String mend) {

    public Problem {
        requireNonNull(code, "code");
        if (what.isBlank() || mend.isBlank()) {
            throw new IllegalArgumentException("a problem says what is wrong and how to mend it");
        }
    }

    /** Two lines: place, code and what; then the mend, indented. */
    @Override
    public String toString() {
        return (position == null ? "" : position + "  ") + code + "  " + what + "\n    " + mend;
    }
}
