package dev.tarn.connect.extract;

import dev.tarn.model.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are compared in one look; those of a large table come in several, by a key that is a whole number.
 *
 * @param from the first of them; null for all that are lower than {@code to}
 * @param to the first that is not among them; null when no more come
 */
record KeyRange(@Nullable Long from, @Nullable Long to) {

    static final KeyRange ALL = new KeyRange(null, null);

    KeyRange {
        if (from != null && to != null && from >= to) {
            throw new IllegalArgumentException("keys from " + from + " up to " + to);
        }
    }

    boolean isAll() {
        return from == null && to == null;
    }

    /** For either database. */
    String condition(Keys keys) {
        String key = Sql.identifier(keys.columns().get(0).name());
        String lower = from == null ? "true" : key + " >= " + from;
        return to == null ? lower : lower + " AND " + key + " < " + to;
    }
}
