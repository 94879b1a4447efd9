package dev.tarn.connect.odoo.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of one HTTP request. */
sealed interface Outcome {

    /**
     * The server answered.
     *
     * @param location where it sends requests, or null
     * @param retryAfter how long it wants to be left alone, or null
     */
    record Answered(int status, boolean json, byte[] body, @Nullable String location, @Nullable Duration retryAfter)
            implements Outcome {}

    /** The answer was longer than allowed, and was not read to its end. */
    record TooLarge() implements Outcome {}

    /** No whole answer came in time. */
    record TimedOut() implements Outcome {}

    /** There was no connection, or it broke; {@code why} completes "cannot be reached: ". */
    record Failed(String why, Exception cause) implements Outcome {}
}
