package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** Identity of one update: a UUID of version 7 (RFC 9562), so that ids sort by the time they were given. */
public record UpdateId(UUID value) implements Comparable<UpdateId> {

    public UpdateId {
        requireNonNull(value, "value");
        if (value.version() != 7) {
            throw new IllegalArgumentException("an update has a UUID of version 7, got version " + value.version());
        }
    }

    /** Reads the id as {@link #toString} writes it. */
    public static UpdateId parse(String text) {
        return new UpdateId(UUID.fromString(text));
    }

    @Override
    public int compareTo(UpdateId other) {
        return value.toString().compareTo(other.value.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
