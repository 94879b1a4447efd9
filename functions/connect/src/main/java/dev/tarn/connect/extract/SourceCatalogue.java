package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.PostgresSql;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Relation;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.Sql;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The catalogue of a database, as its snapshot has it. */
final class SourceCatalogue {

    private static final int PAGE = 8192;

    private final SourceDatabase database;

    SourceCatalogue(SourceDatabase database) {
        this.database = database;
    }

    /** Names of all tables that can be named without their schema, and with it. */
    Set<String> relations() {
        Set<String> names = new TreeSet<>();
        database.query(
                        """
                        SELECT c.relname, n.nspname || '.' || c.relname, pg_table_is_visible(c.oid)
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')""",
                        "its tables were listed",
                        row -> row.getBoolean(3)
                                ? List.of(row.getString(1), row.getString(2))
                                : List.of(row.getString(2)))
                .forEach(names::addAll);
        return names;
    }

    /** Those of the relations, which exist, that this user may not read. */
    Set<String> unreadable(Collection<Relation> relations) {
        if (relations.isEmpty()) {
            return Set.of();
        }
        String asked = relations.stream()
                .map(relation -> "(" + Sql.literal(relation.toString()) + ", " + oid(relation) + ")")
                .collect(Collectors.joining(", "));
        // The oid: a name would be looked up with the right to use its schema.
        return new TreeSet<>(database.query(
                "SELECT name FROM (VALUES " + asked + ") AS asked(name, relation) WHERE NOT"
                        + " has_table_privilege(relation::oid, 'SELECT')",
                "its rights were read",
                row -> row.getString(1)));
    }

    private static String oid(Relation relation) {
        return "to_regclass(" + Sql.literal(PostgresSql.of(relation)) + ")";
    }

    /** The tables, all of which exist. */
    Map<Relation, SourceTable> tables(Collection<Relation> relations) {
        Map<Relation, SourceTable> tables = new LinkedHashMap<>();
        relations.forEach(relation -> tables.put(relation, table(relation)));
        return tables;
    }

    SourceTable table(Relation relation) {
        List<SourceColumn> columns = new ArrayList<>();
        Set<String> filled = new TreeSet<>();
        database.query(
                """
                SELECT a.attname, a.attnum, t.typname, a.atttypmod, a.atthasmissing
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
                        .formatted(oid(relation)),
                "the columns of " + relation + " were listed",
                row -> {
                    columns.add(column(row));
                    return row.getBoolean(5) && filled.add(row.getString(1));
                });
        return database.query(
                        """
                        SELECT pg_relation_size(c.oid) / %d, coalesce(pg_relation_filenode(c.oid), 0),
                            (SELECT array_agg(a.attname ORDER BY k.place)
                             FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place)
                             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
                             WHERE i.indrelid = c.oid AND i.indisprimary),
                            (SELECT array_agg(DISTINCT a.attname)
                             FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                             WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL),
                            (SELECT concat_ws(' ', s.n_tup_ins, s.n_tup_upd, s.n_tup_del,
                                 (SELECT d.stats_reset FROM pg_stat_database d WHERE d.datname = current_database()))
                             FROM pg_stat_all_tables s WHERE s.relid = c.oid)
                        FROM pg_class c WHERE c.oid = %s"""
                                .formatted(PAGE, oid(relation)),
                        relation + " was looked up",
                        row -> new SourceTable(
                                relation,
                                columns,
                                texts(row.getArray(3)),
                                filled,
                                Set.copyOf(texts(row.getArray(4))),
                                row.getLong(1),
                                row.getLong(2),
                                Optional.ofNullable(row.getString(5)).orElse("")))
                .get(0);
    }

    private SourceColumn column(ResultSet row) throws SQLException {
        boolean local = database.source().connection() instanceof SourceConnection.Postgres;
        return new SourceColumn(row.getString(1), row.getInt(2), row.getString(3), row.getInt(4), local);
    }

    private static List<String> texts(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }

    /** Columns of an Odoo table whose texts are translated: JSON by language, since Odoo 16. */
    Set<String> translated(Relation relation) {
        boolean known = !database.query(
                        "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('ir_model_fields') AND attname = 'translate'"
                                + " AND has_table_privilege(attrelid, 'SELECT')",
                        "its fields were looked for",
                        row -> true)
                .isEmpty();
        if (!known) {
            return Set.of();
        }
        return Set.copyOf(database.query(
                "SELECT DISTINCT name FROM ir_model_fields WHERE replace(model, '.', '_') = "
                        + Sql.literal(relation.name()) + " AND translate::text NOT IN ('false', '')",
                "the translated fields of " + relation + " were listed",
                row -> row.getString(1)));
    }
}
