package dev.tarn.model;

import org.jspecify.annotations.Nullable;

/**
 * A table as PostgreSQL knows it.
 *
 * @param schema null for the first on the search path that has such a table
 * @param name without quotes
 */
public record Relation(@Nullable String schema, String name) {

    public Relation {
        if (name.isBlank() || schema != null && schema.isBlank()) {
            throw new IllegalArgumentException("a table of a source needs a name");
        }
    }

    /** {@code account_move} or {@code auth.users}. */
    public static Relation parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? new Relation(null, text) : new Relation(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public String toString() {
        return schema == null ? name : schema + "." + name;
    }
}
