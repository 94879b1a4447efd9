package dev.tarn.engine.storage;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What goes wrong with a call of a storage. Nothing goes wrong silently: no answer is ever a false one. */
public sealed interface Fault {

    /** On which side of the work itself the fault is. */
    enum Moment {
        BEFORE,
        AFTER
    }

    /** The call throws: before it did anything, or after it did everything, so that only its answer is lost. */
    record Fail(Moment moment) implements Fault {}

    /** The storage is too busy: this call and the next ones, {@code calls} together, are refused. */
    record Throttle(int calls) implements Fault {
        public Throttle {
            if (calls < 1) {
                throw new IllegalArgumentException("no call to refuse: " + calls);
            }
        }
    }

    /**
     * The call is made twice and the second answer is given, as a client does that retries what had succeeded: a file that
     * was just put "exists". A lease
     * is taken once.
     */
    record Twice() implements Fault {}

    /** The call waits until {@code until} is open, but no longer than {@code atMost}. */
    record Hold(Moment moment, CountDownLatch until, Duration atMost) implements Fault {
        /** A call that takes {@code time} more. */
        public static Hold of(Moment moment, Duration time) {
            return new Hold(moment, new CountDownLatch(1), time);
        }

        @Override
        public String toString() {
            return "Hold[moment=" + moment + "]";
        }
    }

    /** A listing shows the last file but one not: both were put while it ran. Other calls are not touched. */
    record Overlook() implements Fault {}

    /** A lease is given although another holder has it still, as when its time ran out. Other calls are not touched. */
    record Expire() implements Fault {}

    /** The process ends as by a power cut, with exit code {@link #EXIT_CODE}. */
    record Halt(Moment moment) implements Fault {
        public static final int EXIT_CODE = 99;
    }
}
