package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.PostgresSql;
import dev.tarn.model.Relation;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rights that a user needs to read a source, and no others, as statements for the owner of the database.
 *
 * <p>They are on whole tables also where columns are excluded: PostgreSQL does not let a user lock a table who may read some
 * of its columns only, and without that lock a table could be rewritten while it is read.
 */
public final class SourceGrants {

    private static final String DEFAULT_SCHEMA = "public";

    /** The database to which psql is connected. */
    private static final String CONNECTED_DATABASE = ":\"DBNAME\"";

    private SourceGrants() {}

    /**
     * The statements, each on one line, and comments.
     *
     * @param database its name; empty when it is not known
     */
    public static List<String> statements(TableSource source, Optional<String> database, String user) {
        boolean odoo = source.connection() instanceof SourceConnection.OdooDatabase;
        Set<Relation> relations = new LinkedHashSet<>();
        source.tables().forEach(table -> relations.add(table.relation()));
        if (odoo) {
            OdooInfo.TABLES.forEach(table -> relations.add(new Relation(null, table)));
        }
        String to = " TO " + Sql.identifier(user) + ";";
        List<String> lines = new ArrayList<>();
        lines.add("-- What " + visible(user) + " needs to read the source " + source.name()
                + ", and nothing more. Run it as the owner of the database;");
        lines.add("-- the user must be there: CREATE ROLE " + visible(Sql.identifier(user)) + " LOGIN PASSWORD '...';");
        lines.add("GRANT CONNECT ON DATABASE " + database.map(Sql::identifier).orElse(CONNECTED_DATABASE) + to);
        lines.add("GRANT USAGE ON SCHEMA " + Sql.identifiers(schemas(relations)) + to);
        lines.addAll(excluded(source));
        relations.forEach(relation -> lines.add("GRANT SELECT ON " + PostgresSql.of(relation) + to));
        lines.add("-- Every user has these unless somebody took them away; then only a superuser can give them back.");
        lines.add("GRANT EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint()" + to);
        return lines;
    }

    private static Set<String> schemas(Set<Relation> relations) {
        Set<String> schemas = new TreeSet<>();
        relations.forEach(relation -> schemas.add(relation.schema() == null ? DEFAULT_SCHEMA : relation.schema()));
        return schemas;
    }

    private static List<String> excluded(TableSource source) {
        List<String> lines = new ArrayList<>();
        source.tables().stream()
                .filter(table -> !table.exclude().isEmpty())
                .forEach(table -> lines.add("-- Tarn never asks for " + table.relation() + "."
                        + visible(String.join(", ", new TreeSet<>(table.exclude()))) + "."));
        if (!lines.isEmpty()) {
            lines.add(
                    "-- The right is on the whole table all the same: with a right on single columns PostgreSQL refuses the"
                            + " lock under which Tarn reads it.");
        }
        return lines;
    }

    /** A line break would end a comment. */
    private static String visible(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
