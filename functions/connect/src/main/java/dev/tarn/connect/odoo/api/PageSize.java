package dev.tarn.connect.odoo.api;

import java.time.Duration;

/** How many records are asked for at once: fewer when that was too much, more while answers come easily. */
final class PageSize {

    static final int MOST = 2000;
    private static final int FIRST = 200;
    private static final Duration EASY = Duration.ofSeconds(2);

    private int size = FIRST;
    private int most = MOST;
    private int asked = FIRST;

    /** How many to ask for now. */
    int ask() {
        asked = size;
        return size;
    }

    int size() {
        return size;
    }

    /** How many were asked for the last time. */
    int asked() {
        return asked;
    }

    void came(Duration took) {
        if (took.compareTo(EASY) < 0) {
            size = Math.min(size * 2, most);
        } else if (took.compareTo(EASY.multipliedBy(5)) > 0) {
            size = Math.max(size / 2, 1);
        }
    }

    /** Halves the size, for good; false when it cannot get smaller. */
    boolean wasTooMuch() {
        if (size == 1) {
            return false;
        }
        size = size / 2;
        most = size;
        return true;
    }

    /** The server gives no more than this, whatever is asked for. */
    void capped(int records) {
        most = Math.max(records, 1);
        size = Math.min(size, most);
    }
}
