package dev.tarn.connect.postgres;

import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of a sink that rows are published to, after it was found to be able to take them. */
final class SinkTable {

    /** Types that PostgreSQL cannot compare. */
    private static final Set<String> WITHOUT_EQUALITY = Set.of("json", "xml");

    private final PostgresSink.Table table;
    private final List<String> columns;
    private final Map<String, String> types;

    private SinkTable(PostgresSink.Table table, List<String> columns, Map<String, String> types) {
        this.table = table;
        this.columns = columns;
        this.types = types;
    }

    /**
     * Finds the table.
     *
     * @throws TarnException with everything that keeps rows of {@code gold} from being published to it
     */
    static SinkTable find(Connection connection, String where, PostgresSink.Table table, TableSchema gold)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Inspection inspection = new Inspection(statement, where, table, gold);
            inspection.requireTable();
            Map<String, String> types = inspection.types();
            inspection.columns(types);
            inspection.key();
            inspection.rights();
            if (!inspection.problems.isEmpty()) {
                throw new TarnException(inspection.problems, null);
            }
            return new SinkTable(table, gold.names(), types);
        }
    }

    /** The target as messages call it. */
    static String display(PostgresSink.Table table) {
        return table.schema() + "." + table.table();
    }

    static String qualified(PostgresSink.Table table) {
        return Sql.identifier(table.schema()) + "." + Sql.identifier(table.table());
    }

    /** A temporary table with the target's types, gone with the transaction. */
    String createBatch(String batch) {
        return "CREATE TEMPORARY TABLE " + batch + " ON COMMIT DROP AS SELECT " + Sql.identifiers(columns) + " FROM "
                + qualified(table) + " LIMIT 0";
    }

    String copyInto(String batch) {
        return "COPY " + batch + " (" + Sql.identifiers(columns)
                + ") FROM STDIN (FORMAT csv, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULL '\\N', ENCODING 'UTF8')";
    }

    /** Deletes the rows whose key is not in the batch. */
    String deleteOthers(String batch) {
        return "DELETE FROM " + qualified(table) + " AS t WHERE NOT EXISTS (SELECT FROM " + batch + " AS b WHERE "
                + table.key().stream()
                        .map(key -> "b." + Sql.identifier(key) + " = t." + Sql.identifier(key))
                        .collect(Collectors.joining(" AND "))
                + ")";
    }

    /** Inserts and updates; yields two counts. A row that is the same already is left alone. */
    String upsert(String batch) {
        List<String> others =
                columns.stream().filter(column -> !table.key().contains(column)).toList();
        String update = others.isEmpty()
                ? "NOTHING"
                : "UPDATE SET "
                        + others.stream()
                                .map(column -> Sql.identifier(column) + " = EXCLUDED." + Sql.identifier(column))
                                .collect(Collectors.joining(", "))
                        + " WHERE ROW(" + values("t", others) + ") IS DISTINCT FROM ROW(" + values("EXCLUDED", others)
                        + ")";
        return "WITH done AS (INSERT INTO " + qualified(table) + " AS t (" + Sql.identifiers(columns) + ") SELECT "
                + Sql.identifiers(columns) + " FROM " + batch + " ON CONFLICT (" + Sql.identifiers(table.key())
                + ") DO "
                + update + " RETURNING t.xmax = 0 AS inserted)"
                + " SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM done";
    }

    private String values(String alias, List<String> names) {
        return names.stream()
                .map(name -> alias + "." + Sql.identifier(name)
                        + (WITHOUT_EQUALITY.contains(types.get(name)) ? "::text" : ""))
                .collect(Collectors.joining(", "));
    }

    /** The looks at the catalogue, and what they found wrong. */
    private static final class Inspection {

        private final Statement statement;
        private final String where;
        private final PostgresSink.Table table;
        private final TableSchema gold;
        private final List<Problem> problems = new ArrayList<>();

        Inspection(Statement statement, String where, PostgresSink.Table table, TableSchema gold) {
            this.statement = statement;
            this.where = where;
            this.table = table;
            this.gold = gold;
        }

        private String oid() {
            return "(SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = "
                    + Sql.literal(table.schema()) + " AND c.relname = " + Sql.literal(table.table())
                    + " AND c.relkind IN ('r', 'p'))";
        }

        void requireTable() throws SQLException {
            if (single("SELECT " + oid()) != null) {
                return;
            }
            problem(
                    ErrorCode.SINK_TABLE_MISSING,
                    where + " has no table " + display(table) + " to publish " + table.from() + " to.",
                    "Create it: " + statementThatCreatesIt());
            throw new TarnException(problems, null);
        }

        private String statementThatCreatesIt() {
            return gold.columns().stream()
                    .map(column -> Sql.identifier(column.name()) + " " + SinkTypes.declared(column.type())
                            + (table.key().contains(column.name()) ? " NOT NULL" : ""))
                    .collect(Collectors.joining(
                            ", ",
                            "CREATE SCHEMA IF NOT EXISTS " + Sql.identifier(table.schema()) + "; CREATE TABLE "
                                    + qualified(table) + " (",
                            ", PRIMARY KEY (" + Sql.identifiers(table.key()) + "));"));
        }

        Map<String, String> types() throws SQLException {
            Map<String, String> types = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery("SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
                    + " WHERE attrelid = " + oid() + " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
                    + " ORDER BY attnum")) {
                while (row.next()) {
                    types.put(row.getString(1), row.getString(2));
                }
            }
            return types;
        }

        void columns(Map<String, String> types) {
            for (String key : table.key()) {
                if (!gold.names().contains(key)) {
                    problem(
                            ErrorCode.COLUMN_NOT_FOUND,
                            key + ", a key column of " + display(table) + ", is not a column of " + table.from() + ".",
                            Nearest.sentence(key, gold.names(), "Name columns that the table has."));
                }
            }
            for (Column column : gold.columns()) {
                if (!types.containsKey(column.name())) {
                    problem(
                            ErrorCode.COLUMN_NOT_FOUND,
                            where + ": " + display(table) + " has no column " + column.name() + " for the one of "
                                    + table.from() + ".",
                            "Add it: ALTER TABLE " + qualified(table) + " ADD COLUMN " + Sql.identifier(column.name())
                                    + " " + SinkTypes.declared(column.type()) + ";");
                }
            }
        }

        /** ON CONFLICT needs a unique index over exactly the key. */
        void key() throws SQLException {
            Set<Set<String>> unique = new HashSet<>();
            try (ResultSet row = statement.executeQuery(
                    "SELECT ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid"
                            + " AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) FROM pg_index i"
                            + " WHERE i.indrelid = " + oid() + " AND i.indisunique AND i.indimmediate AND i.indisvalid"
                            + " AND i.indpred IS NULL AND i.indexprs IS NULL")) {
                while (row.next()) {
                    unique.add(Set.of((String[]) row.getArray(1).getArray()));
                }
            }
            if (!unique.contains(Set.copyOf(table.key()))) {
                problem(
                        ErrorCode.CONFIGURATION_INVALID,
                        where + ": " + display(table) + " has no primary key or unique constraint on "
                                + String.join(", ", table.key()) + ".",
                        "Add one: ALTER TABLE " + qualified(table) + " ADD PRIMARY KEY (" + Sql.identifiers(table.key())
                                + "); or correct key.");
            }
        }

        void rights() throws SQLException {
            List<String> missing = new ArrayList<>();
            List<String> needed = table.mode() == PostgresSink.Mode.MIRROR
                    ? List.of("SELECT", "INSERT", "UPDATE", "DELETE")
                    : List.of("SELECT", "INSERT", "UPDATE");
            for (String right : needed) {
                if ("f".equals(single("SELECT has_table_privilege(" + oid() + ", '" + right + "')"))) {
                    missing.add(right);
                }
            }
            String schema = Sql.identifier(table.schema());
            String role = single("SELECT quote_ident(current_user)");
            if ("f".equals(single("SELECT has_schema_privilege(" + Sql.literal(table.schema()) + ", 'USAGE')"))) {
                missing.add("USAGE ON SCHEMA");
            }
            if (!missing.isEmpty()) {
                problem(
                        ErrorCode.SINK_LOGIN_REFUSED,
                        where + ": the user " + role + " lacks rights on " + display(table) + ": "
                                + String.join(", ", missing) + ".",
                        "Grant them: GRANT USAGE ON SCHEMA " + schema + " TO " + role + "; GRANT "
                                + String.join(", ", needed) + " ON " + qualified(table) + " TO " + role + ";");
            }
        }

        private @Nullable String single(String sql) throws SQLException {
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            }
        }

        private void problem(ErrorCode code, String what, String mend) {
            problems.add(new Problem(code, table.position(), what, mend));
        }
    }
}
