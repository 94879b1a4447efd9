package dev.tarn.model;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The columns of a table, in order. Names differ by more than their case, as Spark and Delta demand. */
public record TableSchema(List<Column> columns) {

    public TableSchema {
        columns = List.copyOf(columns);
        Set<String> seen = new HashSet<>();
        for (Column column : columns) {
            if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("column " + column.name() + " occurs twice");
            }
        }
    }

    /** The column of that name, whatever its case. */
    public Optional<Column> column(String name) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Names in order. */
    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }
}
