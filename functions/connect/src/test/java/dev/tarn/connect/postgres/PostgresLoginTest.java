package dev.tarn.connect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresLoginTest {

    private static final SecretRef SECRET = new SecretRef("odoo-url");

    @TempDir
    static Path folder;

    private static EmbeddedServer server;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
        server.execute("postgres", "CREATE DATABASE closed", "REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void theRightPasswordLetsInUnderTarnsName() throws SQLException {
        try (Connection connection = PostgresLogin.open(Peer.sink("supabase"), url("right", "postgres"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW application_name")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("tarn");
        }
    }

    @Test
    void aSourceCannotBeChanged() throws SQLException {
        try (Connection connection = PostgresLogin.open(Peer.source("odoo"), server.url("postgres", "postgres"));
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("CREATE TABLE t (id int)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("read-only transaction");
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertRefused(
                Peer.source("odoo"),
                url("wrong", "postgres"),
                ErrorCode.SOURCE_LOGIN_REFUSED,
                "Source odoo: 127.0.0.1:%d does not let the user of the secret odoo-url into database postgres.",
                "Correct user and password in the secret odoo-url; if they are right, admit this machine in the server's"
                        + " pg_hba.conf.");
        assertRefused(
                Peer.sink("supabase"),
                url("wrong", "postgres"),
                ErrorCode.SINK_LOGIN_REFUSED,
                "Sink supabase: 127.0.0.1:%d does not let the user of the secret odoo-url into database postgres.",
                "Correct user and password in the secret odoo-url; if they are right, admit this machine in the server's"
                        + " pg_hba.conf.");
    }

    @Test
    void aMissingRightToConnectIsRefused() {
        assertRefused(
                Peer.source("odoo"),
                url("right", "closed"),
                ErrorCode.SOURCE_LOGIN_REFUSED,
                "Source odoo: the user of the secret odoo-url may not connect to database closed at 127.0.0.1:%d.",
                "Grant it: GRANT CONNECT ON DATABASE closed TO that user.");
    }

    @Test
    void anUnknownDatabaseIsRefused() {
        assertRefused(
                Peer.source("odoo"),
                url("right", "nowhere"),
                ErrorCode.SOURCE_UNREACHABLE,
                "Source odoo: 127.0.0.1:%d has no database nowhere.",
                "Correct the database in the secret odoo-url.");
    }

    @Test
    void aPortWhereNobodyListensIsRefused() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertRefused(
                Peer.source("odoo"),
                new PostgresUrl(SECRET, "127.0.0.1", port, "odoo", "me", "secret", "disable"),
                ErrorCode.SOURCE_UNREACHABLE,
                "Source odoo: 127.0.0.1:" + port + "/odoo cannot be reached: nothing accepts connections there.",
                "Check that the server runs and that the secret odoo-url holds its address; Tarn tries again.");
    }

    @Test
    void anUnknownHostIsRefused() {
        assertRefused(
                Peer.sink("supabase"),
                new PostgresUrl(SECRET, "nowhere.invalid", 5432, "odoo", "me", "secret", "disable"),
                ErrorCode.SINK_UNREACHABLE,
                "Sink supabase: nowhere.invalid:5432/odoo cannot be reached: the host is unknown.",
                "Check that the server runs and that the secret odoo-url holds its address; Tarn tries again.");
    }

    @Test
    void encryptionThatTheServerLacksIsRefused() {
        assertRefused(
                Peer.source("odoo"),
                new PostgresUrl(SECRET, "127.0.0.1", server.port(), "postgres", "locked", "right", "require"),
                ErrorCode.SOURCE_UNREACHABLE,
                "Source odoo: 127.0.0.1:%1$d/postgres cannot be reached: it does not offer the encryption that"
                        + " sslmode=require demands.",
                "Check that the server runs and that the secret odoo-url holds its address; Tarn tries again.");
    }

    private static PostgresUrl url(String password, String database) {
        return new PostgresUrl(SECRET, "127.0.0.1", server.port(), database, "locked", password, "disable");
    }

    private static void assertRefused(Peer peer, PostgresUrl url, ErrorCode code, String what, String mend) {
        assertThatThrownBy(() -> PostgresLogin.open(peer, url))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(code + "  " + what.formatted(server.port()) + "\n    " + mend);
    }
}
