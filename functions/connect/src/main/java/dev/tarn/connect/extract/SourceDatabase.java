package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.CopyFeed;
import dev.tarn.connect.postgres.CopyRequest;
import dev.tarn.connect.postgres.Peer;
import dev.tarn.connect.postgres.PostgresLogin;
import dev.tarn.connect.postgres.PostgresSql;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.Relation;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A database in one transaction: everything is read in one snapshot, and nothing can be changed. */
final class SourceDatabase implements AutoCloseable {

    /** Whoever upgrades an Odoo locks its tables; readers must not queue behind that, with all others behind them. */
    private static final Duration LONGEST_WAIT_FOR_A_LOCK = Duration.ofSeconds(10);

    private static final Duration LONGEST_STATEMENT = Duration.ofMinutes(30);

    private final TableSource source;
    private final PostgresUrl url;
    private final Connection connection;

    private SourceDatabase(TableSource source, PostgresUrl url, Connection connection) {
        this.source = source;
        this.url = url;
        this.connection = connection;
    }

    /** Connects and begins a transaction with a snapshot of its own. */
    static SourceDatabase open(TableSource source, PostgresUrl url) {
        return open(source, url, List.of());
    }

    /** Connects and begins a transaction with the snapshot that another one has exported and still holds. */
    static SourceDatabase openAt(TableSource source, PostgresUrl url, String exported) {
        return open(source, url, List.of("SET TRANSACTION SNAPSHOT " + Sql.literal(exported)));
    }

    private static SourceDatabase open(TableSource source, PostgresUrl url, List<String> first) {
        SourceDatabase database = new SourceDatabase(source, url, PostgresLogin.open(Peer.source(source.name()), url));
        try {
            database.begin(first);
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** All settings hold for the transaction only: a pooler gives the session to others between transactions. */
    private void begin(List<String> first) {
        List<String> statements = new ArrayList<>();
        statements.add("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        statements.addAll(first);
        statements.add("SET LOCAL lock_timeout = " + LONGEST_WAIT_FOR_A_LOCK.toMillis());
        statements.add("SET LOCAL statement_timeout = " + LONGEST_STATEMENT.toMillis());
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw failed("the look began", e);
        }
    }

    /** Ends the transaction and begins another, with a newer snapshot. */
    void renew() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw failed("its snapshot was given up", e);
        }
        begin(List.of());
    }

    /**
     * Keeps the tables from being emptied, rewritten or dropped until the transaction ends. It must come before the snapshot,
     * which would see a table empty that was rewritten after it.
     */
    void hold(Collection<Relation> relations) {
        String names = relations.stream().map(PostgresSql::of).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + names + " IN ACCESS SHARE MODE");
        } catch (SQLException e) {
            throw failed("its tables were opened", e);
        }
    }

    /** Starts reading the rows for which the condition holds. */
    CopyFeed copy(CopyRequest request, String condition) throws SQLException, IOException {
        return copy(request, List.of(new CopyFeed.Part(connection, condition)));
    }

    /** Starts reading rows over several connections, no faster than the source allows. */
    CopyFeed copy(CopyRequest request, List<CopyFeed.Part> parts) throws SQLException, IOException {
        return CopyFeed.open(request, parts, source.connection().megabytesPerSecond());
    }

    /** Major version of the server. */
    int version() {
        try {
            return connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException e) {
            throw failed("its version was asked for", e);
        }
    }

    Connection connection() {
        return connection;
    }

    TableSource source() {
        return source;
    }

    PostgresUrl url() {
        return url;
    }

    /** Lets other transactions read what this one sees, as long as it lasts. */
    String export() {
        return one("SELECT pg_export_snapshot()", "its snapshot was exported");
    }

    /** Where the snapshot stands. */
    SourceState state() {
        return query(
                        """
                        SELECT (SELECT system_identifier FROM pg_control_system()),
                               (SELECT oid FROM pg_database WHERE datname = current_database()),
                               (SELECT timeline_id FROM pg_control_checkpoint()),
                               pg_snapshot_xmin(pg_current_snapshot())::text, pg_snapshot_xmax(pg_current_snapshot())::text,
                               pg_is_in_recovery()""",
                        "its state was read",
                        row -> new SourceState(
                                row.getString(1),
                                row.getLong(2),
                                row.getLong(3),
                                Long.parseLong(row.getString(4)),
                                Long.parseLong(row.getString(5)),
                                row.getBoolean(6)))
                .get(0);
    }

    /** The one text that the query answers. */
    String one(String sql, String when) {
        return query(sql, when, row -> row.getString(1)).get(0);
    }

    /** What is made of a row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** @param when goes on from "broke off when" */
    <T> List<T> query(String sql, String when, RowReader<T> reader) {
        List<T> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(reader.read(row));
            }
            return rows;
        } catch (SQLException e) {
            throw failed(when, e);
        }
    }

    TarnException failed(String when, SQLException e) {
        return SourceFailure.of(source, url, when, e);
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
