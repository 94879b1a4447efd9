package dev.tarn.model;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What people are told of without asking. Names are a contract: workflows that receive them match on them. */
public enum AlarmType {
    /** A flow fails, or a source cannot be read. */
    UPDATE_FAILED,
    /** A table has not taken what its inputs have for longer than the project allows. */
    STALE,
    /** Expectations keep rows aside. */
    QUARANTINE,
    /** A sink does not take a table. */
    PUBLISH_BLOCKED,
    /** A column changed in a way that needs a decision. */
    SCHEMA_CHANGED;

    /** Finds the type by its name; empty when there is none. */
    public static Optional<AlarmType> of(String name) {
        return Stream.of(values()).filter(type -> type.toString().equals(name)).findFirst();
    }

    /** The name in projects and notifications: {@code update_failed}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
