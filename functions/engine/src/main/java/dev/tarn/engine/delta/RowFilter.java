package dev.tarn.engine.delta;

import dev.tarn.model.Sql;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rows of a table are meant: a condition, and between which values they lie as far as that is known. The narrower
 * the bounds, the fewer files are read and the fewer commits of others stand in the way.
 *
 * @param sql a condition of DuckDB over the table's columns; a row for which it is NULL is not meant
 * @param bounds by top-level column; every row that the condition holds for keeps them
 */
public record RowFilter(String sql, Map<String, Bounds> bounds) {

    /** Two constants of DuckDB's SQL, both included, that can be cast to the column's type. */
    public record Bounds(String lowSql, String highSql) {}

    public RowFilter {
        bounds = Map.copyOf(bounds);
        if (sql.isBlank()) {
            throw new IllegalArgumentException("a filter has a condition");
        }
    }

    /** All rows. */
    public static RowFilter all() {
        return new RowFilter("TRUE", Map.of());
    }

    /** Rows for which the condition holds, of which no more is known. */
    public static RowFilter matching(String sql) {
        return new RowFilter(sql, Map.of());
    }

    /** Rows that have in the column what {@code valueSql}, a constant, says. */
    public static RowFilter equal(String column, String valueSql) {
        return between(column, valueSql, valueSql);
    }

    /** Rows that have a value from {@code lowSql} to {@code highSql}, both included and constants, in the column. */
    public static RowFilter between(String column, String lowSql, String highSql) {
        return new RowFilter(
                Sql.identifier(column) + " BETWEEN " + lowSql + " AND " + highSql,
                Map.of(column, new Bounds(lowSql, highSql)));
    }

    /** Rows that both filters mean, which bound different columns. */
    public RowFilter and(RowFilter other) {
        Map<String, Bounds> both = new HashMap<>(bounds);
        other.bounds.forEach((column, bound) -> {
            if (both.put(column, bound) != null) {
                throw new IllegalArgumentException("both filters bound the column " + column);
            }
        });
        return new RowFilter("(" + sql + ") AND (" + other.sql + ")", both);
    }

    boolean isAll() {
        return equals(all());
    }
}
