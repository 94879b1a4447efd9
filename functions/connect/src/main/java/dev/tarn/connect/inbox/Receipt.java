package dev.tarn.connect.inbox;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a request. */
public sealed interface Receipt {

    /** Status of the answer over HTTP. */
    int status();

    /**
     * Every event of the request is durable.
     *
     * @param correlation id under which what follows from them is done
     */
    record Accepted(List<String> eventIds, String correlation) implements Receipt {

        /** Header of the answer that tells the id. */
        public static final String CORRELATION = "Tarn-Correlation";

        public Accepted {
            requireNonNull(correlation, "correlation");
            eventIds = List.copyOf(eventIds);
        }

        @Override
        public int status() {
            return 202;
        }
    }

    /** Every event of the request was durable before. */
    record Repeated(List<String> eventIds) implements Receipt {
        public Repeated {
            eventIds = List.copyOf(eventIds);
        }

        @Override
        public int status() {
            return 200;
        }
    }

    /**
     * Nothing of the request counts as received.
     *
     * @param retryAfter how long the sender has to wait; null where it need not come again
     */
    record Refused(Problem problem, @Nullable Duration retryAfter) implements Receipt {
        public Refused {
            requireNonNull(problem, "problem");
        }

        static Refused of(ErrorCode code, String what, String mend) {
            return new Refused(new Problem(code, null, what, mend), null);
        }

        static Refused until(ErrorCode code, String what, String mend, Duration wait) {
            return new Refused(new Problem(code, null, what, mend), wait);
        }

        /** Of a process that cannot receive anything right now. */
        public static Refused notNow() {
            return until(
                    ErrorCode.INBOX_BUSY,
                    "Events cannot be received right now.",
                    "Send the same request again after the time that Retry-After says; a repeat is harmless.",
                    Duration.ofSeconds(30));
        }

        @Override
        public int status() {
            return problem.code().httpStatus();
        }
    }
}
