package dev.tarn.connect.alarm;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.AlarmType;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong and that people want to be told of.
 *
 * @param table or the source, the sink and its table, or the file
 * @param flow null where no flow is concerned
 * @param update that failed, for {@code tarn runs show}; null where there is none
 * @param code of the error, null where there is none
 * @param what is wrong, a sentence
 * @param effect what that means for whoever reads tables, a sentence
 * @param mend what to do
 * @param attempt number of failures over the same input, 0 where nothing is tried
 * @param setAside whether nobody tries again until something is different
 */
record Cause(
        AlarmType type,
        String table,
        @Nullable String flow,
        @Nullable String update,
        @Nullable String code,
        String what,
        String effect,
        String mend,
        int attempt,
        boolean setAside) {

    Cause {
        requireNonNull(type, "type");
        requireNonNull(effect, "effect");
        requireNonNull(mend, "mend");
        if (table.isBlank() || what.isBlank()) {
            throw new IllegalArgumentException("a cause says what is wrong with what");
        }
    }

    /** The same for as long as the same is wrong, however often it is found. */
    String key() {
        return type + " " + (flow == null ? table : flow);
    }
}
