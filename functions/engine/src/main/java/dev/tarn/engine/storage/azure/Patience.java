package dev.tarn.engine.storage.azure;

import java.time.Duration;

/**
 * How long to wait for the service. A call takes at most all its tries, each as long as {@code answer}, and the pauses
 * between them.
 *
 * @param connect longest time until a connection stands
 * @param answer longest time until an answer begins, and between two parts of it or of what is sent
 * @param retries tries after the first
 * @param pause before the second retry, the first comes at once; each next one is at least twice as long
 * @param longestPause before a retry, and the longest that a service which is too busy may ask for besides
 */
record Patience(Duration connect, Duration answer, int retries, Duration pause, Duration longestPause) {

    /** Rides out a throttled minute; a service that is gone is given up after two and a half. */
    static final Patience USUAL = new Patience(
            Duration.ofSeconds(10), Duration.ofSeconds(20), 5, Duration.ofMillis(400), Duration.ofSeconds(20));
}
