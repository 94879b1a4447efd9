package dev.tarn.engine.delta;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows that are to be brought into a table by their keys. Conditions and expressions are DuckDB's SQL and call a row of the
 * source {@code s} and the row of the table with the same key {@code t}.
 *
 * <p>A row of the source whose key the table does not have is inserted, unless {@code deleteWhen} holds for it; columns that
 * the source lacks are NULL. One whose key the table has deletes that row when {@code deleteWhen} holds, else updates it
 * when {@code updateWhen} holds. An update that changes no value is none.
 *
 * @param keys columns of source and table, without floating point; in the source no key is NULL and none occurs twice
 * @param source a query that yields the keys and any other columns of the table, in the table's types
 * @param steering further columns of the source which conditions and expressions use and that are not written
 * @param deleteWhen over {@code s} alone
 * @param updateWhen over {@code s} and {@code t}
 * @param assignments for an update, in place of {@code s.column}: by column, over {@code s} and {@code t}
 * @param updatesOnly whether keys that the table lacks are left out
 * @param addsColumns whether columns of the source, and fields in them, that the table lacks are added to it
 */
public record Merge(
        List<String> keys,
        String source,
        Set<String> steering,
        String deleteWhen,
        String updateWhen,
        Map<String, String> assignments,
        boolean updatesOnly,
        boolean addsColumns) {

    public Merge {
        keys = List.copyOf(keys);
        steering = Set.copyOf(steering);
        assignments = Map.copyOf(assignments);
        if (keys.isEmpty() || source.isBlank() || Set.copyOf(keys).size() < keys.size()) {
            throw new IllegalArgumentException("a merge has a source and different keys");
        }
        for (String key : keys) {
            if (steering.contains(key) || assignments.containsKey(key)) {
                throw new IllegalArgumentException("the key " + key + " stays as it is");
            }
        }
    }

    /** Inserts and updates. */
    public static Merge upsert(List<String> keys, String source) {
        return new Merge(keys, source, Set.of(), "FALSE", "TRUE", Map.of(), false, false);
    }

    /** This merge, deleting rows by a condition over columns of the source that are not written themselves. */
    public Merge deletingWhen(String condition, String... steeringColumns) {
        return new Merge(
                keys, source, with(steeringColumns), condition, updateWhen, assignments, updatesOnly, addsColumns);
    }

    /** This merge, updating rows by a condition only. */
    public Merge updatingWhen(String condition, String... steeringColumns) {
        return new Merge(
                keys, source, with(steeringColumns), deleteWhen, condition, assignments, updatesOnly, addsColumns);
    }

    /** This merge, updating the column to what the expression says. */
    public Merge setting(String column, String expression) {
        Map<String, String> more = new HashMap<>(assignments);
        more.put(column, expression);
        return new Merge(keys, source, steering, deleteWhen, updateWhen, more, updatesOnly, addsColumns);
    }

    /** This merge without inserts. */
    public Merge withoutInserts() {
        return new Merge(keys, source, steering, deleteWhen, updateWhen, assignments, true, addsColumns);
    }

    /** This merge, adding to the table what columns and fields of structs the source has beyond the table's. */
    public Merge addingColumns() {
        return new Merge(keys, source, steering, deleteWhen, updateWhen, assignments, updatesOnly, true);
    }

    private Set<String> with(String... steeringColumns) {
        List<String> all = new ArrayList<>(steering);
        for (String column : steeringColumns) {
            if (!all.contains(column)) {
                all.add(column);
            }
        }
        return Set.copyOf(all);
    }
}
