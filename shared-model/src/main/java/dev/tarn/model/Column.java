package dev.tarn.model;

import static java.util.Objects.requireNonNull;

/** A column of a table. Every column may be NULL. {@code comment} is empty when there is none. */
public record Column(String name, DataType type, String comment) {

    public Column {
        requireNonNull(type, "type");
        requireNonNull(comment, "comment");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a column needs a name");
        }
    }

    public Column(String name, DataType type) {
        this(name, type, "");
    }
}
