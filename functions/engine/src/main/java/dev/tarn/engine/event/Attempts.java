package dev.tarn.engine.event;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.delta.FlowProgress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that has failed since it last succeeded.
 *
 * @param kind what it is
 * @param name of the flow, the source or the publication
 * @param input over which it failed; empty where nothing but time can make a difference
 * @param count of failures over that input
 * @param since when it fails, whatever the input
 * @param last failure's moment
 * @param update that failed last, null when the event log does not tell of one
 * @param failure the last one
 */
public record Attempts(
        UpdateRecord.Kind kind,
        String name,
        String input,
        int count,
        Instant since,
        Instant last,
        @Nullable String update,
        UpdateRecord.Failure failure) {

    public Attempts {
        requireNonNull(kind, "kind");
        requireNonNull(input, "input");
        requireNonNull(since, "since");
        requireNonNull(last, "last");
        requireNonNull(failure, "failure");
        if (name.isBlank() || count < 1) {
            throw new IllegalArgumentException("something with a name has failed at least once");
        }
    }

    /** Whether it is the flow of that definition that fails. What passes by itself is no definition's. */
    public boolean isOf(String planHash) {
        return input.isEmpty() || FlowProgress.parse(input).planHash().equals(planHash);
    }

    /** Whether it failed over that input as often as that. */
    public boolean reached(int most, String over) {
        return count >= most && input.equals(over);
    }
}
