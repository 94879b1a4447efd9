package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Relation;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table as the database's catalogue describes it.
 *
 * @param columns in the relation's own order
 * @param key columns of the primary key; empty when it has none
 * @param filled columns whose value in older rows is a default that was never written into them
 * @param indexed columns that come first in an index over all rows
 * @param pages blocks of 8 KiB, from the newest size of its file
 * @param file number of the file that holds the rows; another one when they were all moved
 * @param counters of rows inserted, updated and deleted, as the statistics know them, and since when
 */
record SourceTable(
        Relation relation,
        List<SourceColumn> columns,
        List<String> key,
        Set<String> filled,
        Set<String> indexed,
        long pages,
        long file,
        String counters) {

    SourceTable {
        requireNonNull(relation, "relation");
        requireNonNull(counters, "counters");
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        filled = Set.copyOf(filled);
        indexed = Set.copyOf(indexed);
    }

    Optional<SourceColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}
