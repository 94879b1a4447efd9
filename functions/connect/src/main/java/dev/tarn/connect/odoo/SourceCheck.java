package dev.tarn.connect.odoo;

import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.OdooSource;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds out whether a database is the one that the project describes, before anything is read from it. */
final class SourceCheck {

    /** Tables that every Odoo has and that say which one it is. */
    private static final Set<String> ODOO_TABLES = Set.of("ir_module_module", "res_company", "res_currency");

    private final OdooSource source;
    private final PostgresUrl url;
    private final OdooDatabase database;

    SourceCheck(OdooSource source, PostgresUrl url, OdooDatabase database) {
        this.source = source;
        this.url = url;
        this.database = database;
    }

    /**
     * @throws TarnException SOURCE_NOT_ODOO, CONFIGURATION_INVALID for another version than the project's,
     *     SOURCE_TABLE_MISSING, SOURCE_LOGIN_REFUSED for a table that may not be read
     */
    ServerInfo run() {
        Set<String> relations = database.relations();
        Set<String> missing = new TreeSet<>(ODOO_TABLES);
        missing.removeAll(relations);
        if (!missing.isEmpty()) {
            throw notOdoo("it has no table " + String.join(", ", missing));
        }
        List<Problem> problems = new ArrayList<>();
        missingTables(relations, problems);
        unreadableTables(problems);
        refuse(problems);
        ServerInfo info = database.info().orElseThrow(() -> notOdoo("its module base is not installed"));
        if (info.majorVersion() != source.version()) {
            problems.add(otherVersion(info));
        }
        refuse(problems);
        return info;
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

    private Problem otherVersion(ServerInfo info) {
        return new Problem(
                ErrorCode.CONFIGURATION_INVALID,
                source.position(),
                "Source " + source.name() + " is written for Odoo " + source.version() + ", but " + url + " is Odoo "
                        + info.version() + ".",
                "Correct the version, after a look at the columns that your SQL uses, or the secret "
                        + url.secret().name() + ".");
    }

    private void missingTables(Set<String> relations, List<Problem> problems) {
        for (OdooSource.Table table : source.tables()) {
            if (!relations.contains(table.relation())) {
                problems.add(new Problem(
                        ErrorCode.SOURCE_TABLE_MISSING,
                        table.position(),
                        "Source " + source.name() + ": " + url + " has no table " + table.relation() + ".",
                        Nearest.sentence(
                                table.relation(),
                                relations,
                                "Correct it, or install the Odoo module that brings it.")));
            }
        }
    }

    private void unreadableTables(List<Problem> problems) {
        Set<String> needed = new TreeSet<>(ODOO_TABLES);
        source.tables().forEach(table -> needed.add(table.relation()));
        Set<String> unreadable = database.unreadable(needed);
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
