package dev.tarn.connect.extract;

import dev.tarn.connect.odoo.ServerInfo;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Problem;
import dev.tarn.model.Relation;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds out whether a database is the one that the project describes, before anything is read from it. */
final class SourceCheck {

    /** Tables that every Odoo has and that say which one it is. */
    private static final Set<String> ODOO_TABLES = Set.of("ir_module_module", "res_company", "res_currency");

    private final TableSource source;
    private final PostgresUrl url;
    private final SourceDatabase database;
    private final SourceCatalogue catalogue;

    SourceCheck(SourceDatabase database) {
        this.source = database.source();
        this.url = database.url();
        this.database = database;
        this.catalogue = new SourceCatalogue(database);
    }

    /**
     * What the database says about itself.
     *
     * @throws TarnException SOURCE_NOT_ODOO, CONFIGURATION_INVALID for another version than the project's,
     *     SOURCE_TABLE_MISSING, SOURCE_LOGIN_REFUSED for a table that may not be read
     */
    String run() {
        Set<String> relations = catalogue.relations();
        boolean odoo = source.connection() instanceof SourceConnection.OdooDatabase;
        Set<String> missing = new TreeSet<>(odoo ? ODOO_TABLES : Set.of());
        missing.removeAll(relations);
        if (!missing.isEmpty()) {
            throw notOdoo("it has no table " + String.join(", ", missing));
        }
        List<Problem> problems = new ArrayList<>();
        missingTables(relations, problems);
        unreadableTables(relations, odoo ? ODOO_TABLES : Set.of(), problems);
        refuse(problems);
        return source.connection() instanceof SourceConnection.OdooDatabase expected
                ? odoo(expected)
                : url.database() + " (PostgreSQL " + database.version() + ")";
    }

    private String odoo(SourceConnection.OdooDatabase expected) {
        ServerInfo info = new OdooInfo(database).read().orElseThrow(() -> notOdoo("its module base is not installed"));
        if (info.majorVersion() != expected.version()) {
            throw new TarnException(List.of(otherVersion(info, expected)), null);
        }
        return info.toString();
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
    }

    private TarnException notOdoo(String why) {
        return new TarnException(
                List.of(new Problem(
                        ErrorCode.SOURCE_NOT_ODOO,
                        source.position(),
                        "Source " + source.name() + ": " + url + " is not a database of Odoo: " + why + ".",
                        "Name Odoo's own database in the secret " + url.secret().name() + ".")),
                null);
    }

    private Problem otherVersion(ServerInfo info, SourceConnection.OdooDatabase expected) {
        return new Problem(
                ErrorCode.CONFIGURATION_INVALID,
                source.position(),
                "Source " + source.name() + " is written for Odoo " + expected.version() + ", but " + url + " is Odoo "
                        + info.version() + ".",
                "Correct the version, after a look at the columns that your SQL uses, or the secret "
                        + url.secret().name() + ".");
    }

    private void missingTables(Set<String> relations, List<Problem> problems) {
        for (TableSource.Table table : source.tables()) {
            if (!relations.contains(table.relation().toString())) {
                problems.add(
                        new Problem(
                                ErrorCode.SOURCE_TABLE_MISSING,
                                table.position(),
                                "Source " + source.name() + ": " + url + " has no table " + table.relation() + ".",
                                Nearest.sentence(
                                        table.relation().toString(),
                                        relations,
                                        source.connection() instanceof SourceConnection.OdooDatabase
                                                ? "Correct it, or install the Odoo module that brings it."
                                                : "Correct it; a table outside of the search path needs its schema: shop.orders.")));
            }
        }
    }

    private void unreadableTables(Set<String> relations, Set<String> always, List<Problem> problems) {
        Set<Relation> needed = new LinkedHashSet<>();
        always.forEach(name -> needed.add(new Relation(null, name)));
        source.tables().stream()
                .map(TableSource.Table::relation)
                .filter(relation -> relations.contains(relation.toString()))
                .forEach(needed::add);
        Set<String> unreadable = catalogue.unreadable(needed);
        if (!unreadable.isEmpty()) {
            problems.add(new Problem(
                    ErrorCode.SOURCE_LOGIN_REFUSED,
                    source.position(),
                    "Source " + source.name() + ": the user " + url.user() + " may not read "
                            + String.join(", ", unreadable) + ".",
                    "As the owner of " + url.database() + ": GRANT SELECT ON " + Sql.identifiers(unreadable) + " TO "
                            + Sql.identifier(url.user()) + ";"));
        }
    }
}
