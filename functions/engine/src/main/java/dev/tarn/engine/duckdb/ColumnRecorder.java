package dev.tarn.engine.duckdb;

import dev.tarn.model.Column;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** Notes which columns of a table the queries over it read. Safe to share between DuckDB's threads. */
public final class ColumnRecorder {

    private final List<Column> columns;
    private final Set<String> read = new TreeSet<>();
    private boolean scanned;

    public ColumnRecorder(TableSchema schema) {
        this.columns = schema.columns();
    }

    List<Column> columns() {
        return columns;
    }

    /** @param projected indexes of {@link #columns}; any other number stands for no column */
    synchronized void scanned(LongStream projected) {
        scanned = true;
        projected
                .filter(index -> index >= 0 && index < columns.size())
                .forEach(index -> read.add(columns.get((int) index).name()));
    }

    /** The columns that were read by now; empty when nothing has looked at the table at all, so that nobody knows. */
    public synchronized Optional<Set<String>> read() {
        return scanned ? Optional.of(Set.copyOf(read)) : Optional.empty();
    }
}
