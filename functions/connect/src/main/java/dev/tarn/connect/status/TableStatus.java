package dev.tarn.connect.status;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One table, of the lake or of a sink.
 *
 * @param name {@code gold.monthly_revenue}, or {@code supabase reporting.monthly_revenue}
 * @param version newest version; empty when there is none yet
 * @param newest when that version was committed
 * @param rows that it has; empty when that is not known
 */
public record TableStatus(String name, OptionalLong version, Optional<Instant> newest, OptionalLong rows, State state) {

    /** How a table stands. */
    public sealed interface State {

        /** It shows what its inputs hold. */
        record Ok() implements State {
            @Override
            public String toString() {
                return "ok";
            }
        }

        /** It has never been filled, and nothing is wrong. */
        record Empty() implements State {
            @Override
            public String toString() {
                return "empty";
            }
        }

        /**
         * Its last update failed, or what brings its rows cannot be reached.
         *
         * @param update the id to ask {@code tarn runs show} for, null when there is none
         * @param setAside number of attempts after which nobody tries again by himself, 0 when somebody does
         * @param what is wrong, a sentence
         * @param mend what to do
         */
        record Failed(String code, @Nullable String update, int setAside, String what, String mend) implements State {
            @Override
            public String toString() {
                return (setAside > 0 ? "SET ASIDE  " + code + " after " + setAside + " attempts" : "FAILED  " + code)
                        + (update == null ? "" : " (update " + update + ")");
            }
        }

        /** Something that it reads has failed or does not exist yet. */
        record Waits(String on) implements State {
            @Override
            public String toString() {
                return "waits for " + on;
            }
        }
    }

    public TableStatus {
        requireNonNull(version, "version");
        requireNonNull(newest, "newest");
        requireNonNull(rows, "rows");
        requireNonNull(state, "state");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a table has a name");
        }
    }

    /** Time since the newest version; empty when there is none. */
    public Optional<Duration> lag(Instant now) {
        return newest.map(time -> Duration.between(time, now));
    }
}
