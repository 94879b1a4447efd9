package dev.tarn.model;

import java.util.Collection;
import java.util.stream.Collectors;

/** The one place where names and texts are quoted for SQL; the rules hold for DuckDB and PostgreSQL alike. */
public final class Sql {

    private Sql() {}

    /** {@code name} as an identifier. */
    public static String identifier(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name has at least one character and no NUL");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The names as identifiers, separated by commas. */
    public static String identifiers(Collection<String> names) {
        return names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
    }

    /** {@code text} as a string literal. */
    public static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text in SQL has no NUL");
        }
        return '\'' + text.replace("'", "''") + '\'';
    }
}
