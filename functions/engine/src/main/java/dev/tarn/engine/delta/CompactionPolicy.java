package dev.tarn.engine.delta;

/**
 * Which files of a table are worth writing anew.
 *
 * @param targetBytes how large a file should be. Files of less than half of that are packed together: one that came out of
 *     that is then left alone, so that a row is copied a few times in its life and not every time
 * @param mostDeleted files of whose rows a larger share is hidden by a deletion vector are written without them
 */
public record CompactionPolicy(long targetBytes, double mostDeleted) {

    public CompactionPolicy {
        if (targetBytes < 2 || !(mostDeleted >= 0 && mostDeleted <= 1)) {
            throw new IllegalArgumentException(
                    "files of " + targetBytes + " bytes, at most " + mostDeleted + " of their rows deleted");
        }
    }

    /** Files of 128 MiB, which one request after another fetches in seconds; a twentieth of their rows may be deleted. */
    public static CompactionPolicy usual() {
        return new CompactionPolicy(128L << 20, 0.05);
    }

    boolean isSmall(long bytes) {
        return bytes < targetBytes / 2;
    }

    boolean isWorn(long deleted, long physical) {
        return deleted > physical * mostDeleted;
    }
}
