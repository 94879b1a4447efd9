package dev.tarn.connect.postgres;

import dev.tarn.model.TarnException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens connections; every refusal says what to do about it and names no more than host, port and database. */
public final class PostgresLogin {

    private static final int CONNECT_TIMEOUT_SECONDS = 10;
    private static final String WRONG_PASSWORD = "28P01";
    private static final String NOT_ADMITTED = "28000";
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String NO_RIGHT = "42501";
    private static final String CONNECTION_REJECTED = "08004";
    /** Modes that do without encryption when the server has none. */
    private static final Set<String> LENIENT = Set.of("disable", "allow", "prefer");

    private PostgresLogin() {}

    /**
     * Connects within 10 seconds. The connection is not in auto-commit mode.
     *
     * @throws TarnException with one of the peer's codes
     */
    public static Connection open(Peer peer, PostgresUrl url) {
        try {
            Connection connection = dataSource(peer, url).getConnection();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw refusal(peer, url, e);
        }
    }

    private static DataSource dataSource(Peer peer, PostgresUrl url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host()});
        source.setPortNumbers(new int[] {url.port()});
        source.setDatabaseName(url.database());
        source.setUser(url.user());
        if (url.password() != null) {
            source.setPassword(url.password());
        }
        source.setSslMode(url.sslMode());
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setLoginTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setApplicationName("tarn");
        source.setTcpKeepAlive(true);
        source.setReadOnly(peer.readOnly());
        // A pooler may hand each transaction to another server process, which knows no prepared statements of ours.
        source.setPrepareThreshold(0);
        // Details of the server's errors quote values of rows.
        source.setLogServerErrorDetail(false);
        return source;
    }

    private static TarnException refusal(Peer peer, PostgresUrl url, SQLException e) {
        String secret = "the secret " + url.secret().name();
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        switch (state) {
            case WRONG_PASSWORD:
            case NOT_ADMITTED:
                return new TarnException(
                        peer.loginRefused(),
                        peer + ": " + url.server() + " does not let the user of " + secret + " into database "
                                + url.database() + ".",
                        "Correct user and password in " + secret
                                + "; if they are right, admit this machine in the server's pg_hba.conf.",
                        e);
            case NO_RIGHT:
                return new TarnException(
                        peer.loginRefused(),
                        peer + ": the user of " + secret + " may not connect to database " + url.database() + " at "
                                + url.server() + ".",
                        "Grant it: GRANT CONNECT ON DATABASE " + url.database() + " TO that user.",
                        e);
            case NO_SUCH_DATABASE:
                return new TarnException(
                        peer.unreachable(),
                        peer + ": " + url.server() + " has no database " + url.database() + ".",
                        "Correct the database in " + secret + ".",
                        e);
            default:
                return new TarnException(
                        peer.unreachable(),
                        peer + ": " + url + " cannot be reached: " + reason(url, e) + ".",
                        "Check that the server runs and that " + secret + " holds its address; Tarn tries again.",
                        e);
        }
    }

    private static String reason(PostgresUrl url, SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "the host is unknown";
            }
            if (cause instanceof SSLException) {
                return "no encrypted connection with sslmode=" + url.sslMode() + " came about";
            }
            if (cause instanceof SocketTimeoutException) {
                return "no answer within " + CONNECT_TIMEOUT_SECONDS + " s";
            }
            if (cause instanceof ConnectException) {
                return "nothing accepts connections there";
            }
        }
        return CONNECTION_REJECTED.equals(e.getSQLState()) && !LENIENT.contains(url.sslMode())
                ? "it does not offer the encryption that sslmode=" + url.sslMode() + " demands"
                : "SQLSTATE " + e.getSQLState();
    }
}
