package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Full name of a table of the lake: {@code layer.table}, for example {@code silver.account_move}. */
public record TableName(Layer layer, String table) implements Comparable<TableName> {

    /** Longest name of a table, in characters: the shortest limit among the systems that may show it (PostgreSQL). */
    public static final int MAX_LENGTH = 63;

    /** What the name of a table's quarantine has behind the table's own. */
    public static final String QUARANTINE = "_quarantine";

    private static final Pattern TABLE = Pattern.compile("[a-z][a-z0-9_]{0," + (MAX_LENGTH - 1) + "}");

    public TableName {
        requireNonNull(layer, "layer");
        requireNonNull(table, "table");
        if (!isTableName(table)) {
            throw new IllegalArgumentException("'" + table + "' is not a table name: lower-case letters, digits and _, "
                    + "beginning with a letter, at most " + MAX_LENGTH + " characters");
        }
    }

    /** Whether {@code name} may name a table of the lake, its layer left out. */
    public static boolean isTableName(String name) {
        return TABLE.matcher(name).matches();
    }

    /** Reads {@code layer.table}; empty when the text is not the name of a table. */
    public static Optional<TableName> tryParse(String name) {
        int dot = name.indexOf('.');
        if (dot < 0 || !isTableName(name.substring(dot + 1))) {
            return Optional.empty();
        }
        return Arrays.stream(Layer.values())
                .filter(layer -> layer.folder().equals(name.substring(0, dot)))
                .findFirst()
                .map(layer -> new TableName(layer, name.substring(dot + 1)));
    }

    /** Reads {@code layer.table}. Throws {@link IllegalArgumentException} when the text is not the name of a table. */
    public static TableName parse(String name) {
        return tryParse(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + name + "' is not a table: layer.table is expected"));
    }

    /** The table's folder below the lake's root: {@code silver/account_move}. */
    public String path() {
        return layer.folder() + "/" + table;
    }

    /**
     * The table in which rows are kept aside that expectations keep out of this one. Throws
     * {@link IllegalArgumentException} for a name that is too long with {@link #QUARANTINE} behind it.
     */
    public TableName quarantine() {
        return new TableName(layer, table + QUARANTINE);
    }

    @Override
    public int compareTo(TableName other) {
        int byLayer = layer.compareTo(other.layer);
        return byLayer != 0 ? byLayer : table.compareTo(other.table);
    }

    @Override
    public String toString() {
        return layer.folder() + "." + table;
    }
}
