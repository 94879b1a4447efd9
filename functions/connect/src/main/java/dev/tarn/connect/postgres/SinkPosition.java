package dev.tarn.connect.postgres;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Which version of which table a target holds. Kept in the sink, so that it changes together with the rows. */
final class SinkPosition {

    private static final int VERSION = 1;
    private static final String CREATE =
            """
            CREATE TABLE tarn.position (
                sink text, target text, v integer NOT NULL, table_id text NOT NULL, version bigint NOT NULL,
                updated_at timestamp with time zone NOT NULL DEFAULT now(), PRIMARY KEY (sink, target));
            COMMENT ON TABLE tarn.position IS 'What Tarn has published. Changing it makes Tarn publish again or not at all.'""";

    private final Connection connection;
    private final String sink;
    private final String target;

    SinkPosition(Connection connection, String sink, String target) {
        this.connection = connection;
        this.sink = sink;
        this.target = target;
    }

    /** Keeps other publishers of the target out until the transaction ends. */
    void lock() throws SQLException {
        lock("tarn " + sink + " " + target);
    }

    private void lock(String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(hashtextextended(" + Sql.literal(name) + ", 0))");
        }
    }

    /** Makes the place for positions when the sink has none. */
    void prepare(String where) throws SQLException {
        if (exists()) {
            return;
        }
        lock("tarn position");
        if (exists()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            requireRight(statement, where);
            if (isNull(statement, "SELECT to_regnamespace('tarn')")) {
                statement.execute("CREATE SCHEMA tarn");
            }
            statement.execute(CREATE);
        }
    }

    /** Throws {@link TarnException} (SINK_LOGIN_REFUSED) when the place cannot be made. */
    static void requireRight(Statement statement, String where) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT CASE WHEN to_regnamespace('tarn') IS NULL THEN has_database_privilege(current_database(), 'CREATE')"
                        + " ELSE has_schema_privilege(to_regnamespace('tarn'), 'CREATE') END, quote_ident(current_user)")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new TarnException(
                        ErrorCode.SINK_LOGIN_REFUSED,
                        where + ": the user " + row.getString(2)
                                + " may not make the schema tarn, in which Tarn notes what" + " it has published.",
                        "As the database's owner: CREATE SCHEMA IF NOT EXISTS tarn; GRANT USAGE, CREATE ON SCHEMA tarn TO "
                                + row.getString(2) + ";");
            }
        }
    }

    private boolean exists() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return exists(statement);
        }
    }

    /** Whether the sink has a place for positions. */
    static boolean exists(Statement statement) throws SQLException {
        return !isNull(
                statement,
                "SELECT 1 FROM pg_class WHERE relname = 'position' AND relnamespace = to_regnamespace('tarn')");
    }

    private static boolean isNull(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return !row.next() || row.getString(1) == null;
        }
    }

    /** Whether the target holds this version of this very table. */
    boolean isAt(String tableId, long version) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT v, table_id, version FROM tarn.position WHERE sink = ? AND target = ?")) {
            statement.setString(1, sink);
            statement.setString(2, target);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                if (row.getInt(1) > VERSION) {
                    throw new TarnException(
                            ErrorCode.LAKE_FORMAT_NEWER,
                            "A newer version of Tarn publishes to " + target + " of sink " + sink + ".",
                            "Use that version of Tarn.");
                }
                return row.getString(2).equals(tableId) && row.getLong(3) == version;
            }
        }
    }

    void moveTo(String tableId, long version) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO tarn.position (sink, target, v, table_id, version) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (sink, target) DO UPDATE SET v = EXCLUDED.v, table_id = EXCLUDED.table_id,"
                        + " version = EXCLUDED.version, updated_at = now()")) {
            statement.setString(1, sink);
            statement.setString(2, target);
            statement.setInt(3, VERSION);
            statement.setString(4, tableId);
            statement.setLong(5, version);
            statement.executeUpdate();
        }
    }
}
