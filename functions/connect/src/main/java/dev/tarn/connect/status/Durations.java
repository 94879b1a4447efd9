package dev.tarn.connect.status;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them. */
public final class Durations {

    private Durations() {}

    /** Two units at most: {@code 4 s}, {@code 12 min}, {@code 5 h 35}, {@code 3 d}. */
    public static String coarse(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + String.format(Locale.ROOT, "%02d", seconds % 3600 / 60);
        }
        return seconds / 86_400 + " d";
    }

    /** Seconds with one digit, two below a tenth: {@code 3.1 s}, {@code 0.04 s}. */
    public static String seconds(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        return String.format(Locale.ROOT, seconds < 0.0995 ? "%.2f s" : "%.1f s", seconds);
    }
}
