package dev.tarn.engine.delta;

import dev.tarn.model.Sql;
import java.util.List;

/**
 * Takes few rows out of a large table by their keys. DuckDB does not know how many rows files have that are read by a
 * schema, and once deletion vectors are taken out it believes that hardly any are left: in a plain join it would keep the
 * whole table in memory and ask for the few keys in it. It cannot turn round the question whether a key is among others.
 */
final class KeyFilter {

    private KeyFilter() {}

    /**
     * A FROM-expression in parentheses.
     *
     * @param table a FROM-expression over the large table
     * @param keys columns that both have, never NULL in {@code few}
     * @param few a FROM-expression over rows that fit into memory
     */
    static String of(String table, List<String> keys, String few) {
        String columns = Sql.identifiers(keys);
        return "(SELECT * FROM " + table + " WHERE coalesce((" + columns + ") IN (SELECT " + columns + " FROM " + few
                + "), FALSE))";
    }
}
