package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * An Odoo database that is read into bronze.
 *
 * @param name of the source, kept in {@code _source} of every row
 * @param database secret that holds {@code postgresql://user:password@host:port/database}
 * @param version major version of the Odoo server that the project was written for, 16 to 19
 * @param every time between two looks
 */
public record OdooSource(
        String name, SecretRef database, int version, Duration every, List<Table> tables, SourcePosition position) {

    /**
     * One table of the database.
     *
     * @param relation as PostgreSQL knows it, {@code account_move}
     * @param target the bronze table
     * @param exclude columns that never leave Odoo
     */
    public record Table(String relation, TableName target, Set<String> exclude, SourcePosition position) {
        public Table {
            requireNonNull(target, "target");
            requireNonNull(position, "position");
            exclude = Set.copyOf(exclude);
            if (relation.isBlank()) {
                throw new IllegalArgumentException("a table of a source needs a name");
            }
        }
    }

    public OdooSource {
        requireNonNull(database, "database");
        requireNonNull(position, "position");
        tables = List.copyOf(tables);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a source needs a name");
        }
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("the time between two looks must be positive, got " + every);
        }
    }
}
