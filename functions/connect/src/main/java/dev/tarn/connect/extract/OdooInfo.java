package dev.tarn.connect.extract;

import dev.tarn.connect.odoo.ServerInfo;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an Odoo database says about itself. */
final class OdooInfo {

    private static final Pattern RELEASE = Pattern.compile("(?:saas~)?(\\d+\\.\\d+).*");
    private static final String WHEN = "its version and companies were read";

    private final SourceDatabase database;

    OdooInfo(SourceDatabase database) {
        this.database = database;
    }

    /** Empty when its module base is not installed. */
    Optional<ServerInfo> read() {
        return release().map(release -> new ServerInfo(database.url().database(), release, companies(), currencies()));
    }

    private Optional<String> release() {
        return database
                .query(
                        "SELECT coalesce(latest_version, '') FROM ir_module_module"
                                + " WHERE name = 'base' AND state = 'installed'",
                        WHEN,
                        row -> row.getString(1))
                .stream()
                .map(RELEASE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    private List<ServerInfo.Company> companies() {
        return database.query(
                "SELECT c.id, c.name, cur.name FROM res_company c JOIN res_currency cur ON cur.id = c.currency_id"
                        + " ORDER BY c.id",
                WHEN,
                row -> new ServerInfo.Company(row.getInt(1), row.getString(2), row.getString(3)));
    }

    private List<String> currencies() {
        return database.query(
                "SELECT name FROM res_currency WHERE active ORDER BY name", WHEN, row -> row.getString(1));
    }
}
