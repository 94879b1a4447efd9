package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * How a look finds what is gone.
 *
 * @param limit more deletes than it allows are held
 * @param most keys that are compared in this look, where the key lets some be told from others
 * @param from the first key that the looks before have left; null to begin anew
 */
record Comparison(DeleteLimit limit, long most, @Nullable Long from) {

    Comparison {
        requireNonNull(limit, "limit");
    }

    /** Of all keys at once. */
    static Comparison whole(DeleteLimit limit) {
        return new Comparison(limit, Long.MAX_VALUE, null);
    }
}
