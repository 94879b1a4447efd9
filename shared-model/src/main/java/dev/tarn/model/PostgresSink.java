package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A PostgreSQL database (Supabase is one) to which gold is published.
 *
 * @param name of the sink
 * @param connection secret that holds {@code postgresql://user:password@host:port/database}
 */
public record PostgresSink(String name, SecretRef connection, List<Table> tables, SourcePosition position) {

    /** How the rows of the target follow the gold table. */
    public enum Mode {
        /** Rows are inserted or updated by key; none is deleted. */
        UPSERT,
        /** As upsert, and rows whose key is no longer in gold are deleted: Tarn owns the whole table. */
        MIRROR
    }

    /**
     * One table that is published.
     *
     * @param schema of the target, {@code reporting}
     * @param table of the target, {@code monthly_revenue}
     * @param key columns that identify a row, at least one
     */
    public record Table(
            TableName from, String schema, String table, List<String> key, Mode mode, SourcePosition position) {
        public Table {
            requireNonNull(from, "from");
            requireNonNull(mode, "mode");
            requireNonNull(position, "position");
            key = List.copyOf(key);
            if (schema.isBlank() || table.isBlank() || key.isEmpty()) {
                throw new IllegalArgumentException("a published table needs a schema, a name and a key");
            }
        }
    }

    public PostgresSink {
        requireNonNull(connection, "connection");
        requireNonNull(position, "position");
        tables = List.copyOf(tables);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a sink needs a name");
        }
    }
}
