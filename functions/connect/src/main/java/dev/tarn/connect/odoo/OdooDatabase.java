package dev.tarn.connect.odoo;

import dev.tarn.connect.postgres.Peer;
import dev.tarn.connect.postgres.PostgresLogin;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.OdooSource;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One look at an Odoo database: everything is read in one snapshot, and nothing can be changed. */
final class OdooDatabase implements AutoCloseable {

    private static final String NO_RIGHT = "42501";
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

    /** What Odoo says about itself; empty when its module base is not installed. */
    Optional<ServerInfo> info() {
        try (Statement statement = connection.createStatement()) {
            Optional<String> release = release(statement);
            return release.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new ServerInfo(url.database(), release.get(), companies(statement), currencies(statement)));
        } catch (SQLException e) {
            throw failed("its version and companies were read", e);
        }
    }

    private static Optional<String> release(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT latest_version FROM ir_module_module WHERE name = 'base' AND state = 'installed'")) {
            String version = row.next() ? row.getString(1) : null;
            Matcher matcher = RELEASE.matcher(version == null ? "" : version);
            return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
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
        return names(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
                        + " AND relnamespace <> 'pg_catalog'::regnamespace",
                "its tables were listed");
    }

    /** Those of the relations that this user may not read. */
    Set<String> unreadable(Collection<String> relations) {
        return names(
                "SELECT relname FROM pg_class WHERE relname IN (" + literals(relations)
                        + ") AND relkind = 'r' AND pg_table_is_visible(oid) AND NOT has_table_privilege(oid, 'SELECT')",
                "its rights were read");
    }

    private Set<String> names(String sql, String when) {
        Set<String> names = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw failed(when, e);
        }
    }

    private static String literals(Collection<String> texts) {
        return texts.stream().map(Sql::literal).collect(Collectors.joining(", "));
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
    Map<String, List<SourceColumn>> columns(Collection<String> relations) {
        Map<String, List<SourceColumn>> columns = new LinkedHashMap<>();
        relations.forEach(relation -> columns.put(relation, new ArrayList<>()));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        """
                        SELECT c.relname, a.attname, a.attnum, t.typname, a.atttypmod
                        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
                        WHERE c.relname IN (%s) AND c.relkind = 'r' AND pg_table_is_visible(c.oid)
                            AND a.attnum > 0 AND NOT a.attisdropped
                        ORDER BY c.oid, a.attnum"""
                                .formatted(literals(relations)))) {
            while (row.next()) {
                columns.get(row.getString(1))
                        .add(new SourceColumn(row.getString(2), row.getInt(3), row.getString(4), row.getInt(5)));
            }
            return columns;
        } catch (SQLException e) {
            throw failed("its columns were listed", e);
        }
    }

    /** What becomes of a failed statement: a missing right is the user's to mend, anything else passes. */
    TarnException failed(String when, SQLException e) {
        if (NO_RIGHT.equals(e.getSQLState())) {
            return new TarnException(
                    ErrorCode.SOURCE_LOGIN_REFUSED,
                    "Source " + source.name() + ": the user " + url.user() + " lacked a right when " + when + ".",
                    "As the owner of " + url.database() + ": GRANT SELECT on the tables of the source, and EXECUTE ON"
                            + " FUNCTION pg_control_system(), pg_control_checkpoint(), TO " + Sql.identifier(url.user())
                            + ";",
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
