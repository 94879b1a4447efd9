package dev.tarn.connect.odoo;

import dev.tarn.connect.postgres.Peer;
import dev.tarn.connect.postgres.PostgresLogin;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.OdooSource;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One look at an Odoo database: everything is read in one snapshot, and nothing can be changed. */
final class OdooDatabase implements AutoCloseable {

    private static final String NO_RIGHT = "42501";
    private static final Set<String> ODOO_TABLES = Set.of("ir_module_module", "res_company", "res_currency");
    private static final Pattern RELEASE = Pattern.compile("(?:saas~)?(\\d+\\.\\d+).*");

    private final OdooSource source;
    private final PostgresUrl url;
    private final Connection connection;

    private OdooDatabase(OdooSource source, PostgresUrl url, Connection connection) {
        this.source = source;
        this.url = url;
        this.connection = connection;
    }

    static OdooDatabase open(OdooSource source, PostgresUrl url) {
        Connection connection = PostgresLogin.open(Peer.source(source.name()), url);
        OdooDatabase database = new OdooDatabase(source, url, connection);
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return database;
        } catch (SQLException e) {
            database.close();
            throw database.lost("the look began", e);
        }
    }

    Connection connection() {
        return connection;
    }

    /** @throws TarnException SOURCE_NOT_ODOO, or CONFIGURATION_INVALID for a version that the project does not expect */
    ServerInfo info() {
        try (Statement statement = connection.createStatement()) {
            Set<String> missing = new TreeSet<>(ODOO_TABLES);
            missing.removeAll(relations(statement));
            if (!missing.isEmpty()) {
                throw notOdoo("it has no table " + String.join(", ", missing));
            }
            String release = release(statement);
            ServerInfo info = new ServerInfo(url.database(), release, companies(statement), currencies(statement));
            requireVersion(info);
            return info;
        } catch (SQLException e) {
            throw failed("Odoo's version and companies were read", e);
        }
    }

    private void requireVersion(ServerInfo info) {
        if (info.majorVersion() != source.version()) {
            throw new TarnException(
                    List.of(new Problem(
                            ErrorCode.CONFIGURATION_INVALID,
                            source.position(),
                            "Source " + source.name() + " is written for Odoo " + source.version() + ", but " + url
                                    + " is Odoo " + info.version() + ".",
                            "Correct version, after checking that the columns your SQL uses are still there, or correct"
                                    + " the secret " + url.secret().name() + ".")),
                    null);
        }
    }

    private TarnException notOdoo(String why) {
        return new TarnException(
                ErrorCode.SOURCE_NOT_ODOO,
                "Source " + source.name() + ": " + url + " is not a database of Odoo: " + why + ".",
                "Name Odoo's own database in the secret " + url.secret().name() + ".");
    }

    private String release(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT latest_version FROM ir_module_module WHERE name = 'base' AND state = 'installed'")) {
            Matcher matcher = RELEASE.matcher(row.next() && row.getString(1) != null ? row.getString(1) : "");
            if (!matcher.matches()) {
                throw notOdoo("its module base is not installed");
            }
            return matcher.group(1);
        }
    }

    private static List<ServerInfo.Company> companies(Statement statement) throws SQLException {
        List<ServerInfo.Company> companies = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT c.id, c.name, cur.name FROM res_company c"
                + " JOIN res_currency cur ON cur.id = c.currency_id ORDER BY c.id")) {
            while (row.next()) {
                companies.add(new ServerInfo.Company(row.getInt(1), row.getString(2), row.getString(3)));
            }
        }
        return companies;
    }

    private static List<String> currencies(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT name FROM res_currency WHERE active ORDER BY name")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    /** Every table on the search path. */
    Set<String> relations() {
        try (Statement statement = connection.createStatement()) {
            return relations(statement);
        } catch (SQLException e) {
            throw failed("its tables were listed", e);
        }
    }

    private static Set<String> relations(Statement statement) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (ResultSet row =
                statement.executeQuery("SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
                        + " AND relnamespace <> 'pg_catalog'::regnamespace")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    /** Where the snapshot of this look stands. */
    SourceState state() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        """
                        SELECT (SELECT system_identifier FROM pg_control_system()),
                               (SELECT oid FROM pg_database WHERE datname = current_database()),
                               (SELECT timeline_id FROM pg_control_checkpoint()),
                               pg_snapshot_xmin(pg_current_snapshot())::text, pg_snapshot_xmax(pg_current_snapshot())::text""")) {
            row.next();
            return new SourceState(
                    row.getString(1),
                    row.getLong(2),
                    row.getLong(3),
                    Long.parseLong(row.getString(4)),
                    Long.parseLong(row.getString(5)));
        } catch (SQLException e) {
            throw failed("its state was read", e);
        }
    }

    /** Columns of the relations, each list in the relation's own order. */
    Map<String, List<SourceColumn>> columns(List<String> relations) {
        Map<String, List<SourceColumn>> columns = new LinkedHashMap<>();
        relations.forEach(relation -> columns.put(relation, new ArrayList<>()));
        String names = String.join(", ", relations.stream().map(Sql::literal).toList());
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        """
                        SELECT c.relname, a.attname, a.attnum, t.typname, a.atttypmod
                        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
                        WHERE c.relname IN (%s) AND c.relkind = 'r' AND pg_table_is_visible(c.oid)
                            AND a.attnum > 0 AND NOT a.attisdropped
                        ORDER BY c.oid, a.attnum"""
                                .formatted(names))) {
            while (row.next()) {
                columns.get(row.getString(1))
                        .add(new SourceColumn(row.getString(2), row.getInt(3), row.getString(4), row.getInt(5)));
            }
            return columns;
        } catch (SQLException e) {
            throw failed("its columns were listed", e);
        }
    }

    /** Those of the relations that this user may not read. */
    Set<String> unreadable(List<String> relations) {
        Set<String> names = new TreeSet<>();
        String list = String.join(", ", relations.stream().map(Sql::literal).toList());
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT relname FROM pg_class WHERE relname IN (" + list
                                + ") AND relkind = 'r' AND pg_table_is_visible(oid) AND NOT has_table_privilege(oid, 'SELECT')")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw failed("its rights were read", e);
        }
    }

    /** What becomes of a failed statement: a missing right is the user's to mend, anything else passes. */
    TarnException failed(String when, SQLException e) {
        if (NO_RIGHT.equals(e.getSQLState())) {
            return new TarnException(
                    ErrorCode.SOURCE_LOGIN_REFUSED,
                    "Source " + source.name() + ": the user " + url.user() + " of " + url + " lacks a right that was"
                            + " needed when " + when + ".",
                    "As the database's owner: GRANT SELECT ON " + String.join(", ", new TreeSet<>(ODOO_TABLES)) + " TO "
                            + Sql.identifier(url.user()) + "; and, where they were revoked, EXECUTE ON FUNCTION"
                            + " pg_control_system(), pg_control_checkpoint().",
                    e);
        }
        return lost(when, e);
    }

    private TarnException lost(String when, SQLException e) {
        return new TarnException(
                ErrorCode.SOURCE_UNREACHABLE,
                "Source " + source.name() + ": " + url + " broke off when " + when + " (SQLSTATE " + e.getSQLState()
                        + ").",
                "Nothing was committed; Tarn looks again.",
                e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the connection to " + url + " could not be closed", e);
        }
    }
}
