package dev.tarn.connect.inbox;

import java.time.Duration;

/**
 * What an inbox may take.
 *
 * @param bytes of memory for all requests that are being received
 * @param patience for a request to become durable, before its sender is asked to come again
 */
public record InboxLimits(long bytes, Duration patience) {

    private static final long HEAP_SHARE = 4;

    public InboxLimits {
        if (bytes < 1 || patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    /** A quarter of this process' heap, and less than the half minute after which senders usually give up. */
    public static InboxLimits usual() {
        return new InboxLimits(Runtime.getRuntime().maxMemory() / HEAP_SHARE, Duration.ofSeconds(20));
    }
}
