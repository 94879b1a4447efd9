package dev.tarn.connect.inbox;

import java.io.ByteArrayOutputStream;

/**
 * Repeats that a process knew and did not write. They go with the next file it writes, so that the drain can count them; beyond
 * a bound they are forgotten, for a count is not worth the memory. Safe to share.
 */
final class KnownRepeats {

    private static final int MOST_BYTES = 256_000;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    synchronized void add(byte[] line) {
        if (lines.size() + line.length <= MOST_BYTES) {
            lines.writeBytes(line);
        }
    }

    /** Lines of all that were added since the last call. */
    synchronized byte[] take() {
        byte[] taken = lines.toByteArray();
        lines.reset();
        return taken;
    }
}
