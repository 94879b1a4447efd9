package dev.tarn.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDatabasesTest {

    private static final OdooSeed SMALL = new OdooSeed(20);

    @TempDir
    Path folder;

    @Test
    void dataStayFromOneRunToTheNext() throws SQLException {
        try (DemoDatabases first = DemoDatabases.start(folder, DemoDatabases.FREE_PORT, SMALL)) {
            execute(first, "UPDATE account_move SET ref = 'changed by hand' WHERE id = 1");
        }

        try (DemoDatabases second = DemoDatabases.start(folder, DemoDatabases.FREE_PORT, new OdooSeed(50))) {
            assertThat(query(second, "SELECT ref FROM account_move WHERE id = 1"))
                    .isEqualTo("changed by hand");
            assertThat(query(second, "SELECT count(*) FROM account_move")).isEqualTo("20");
        }
    }

    @Test
    void theServerOfAKilledProcessIsReplaced() throws Exception {
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartAndHalt.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "killed.log"))
                .start();
        assertThat(killed.waitFor(2, TimeUnit.MINUTES)).isTrue();
        long leftover = Long.parseLong(Files.readAllLines(folder.resolve("demo/postgres/postmaster.pid"))
                .get(0)
                .strip());
        assertThat(ProcessHandle.of(leftover))
                .as("the server outlived its starter")
                .isPresent();

        try (DemoDatabases databases = DemoDatabases.start(folder.resolve("demo"), DemoDatabases.FREE_PORT, SMALL)) {
            assertThat(ProcessHandle.of(leftover)).isEmpty();
            assertThat(query(databases, "SELECT count(*) FROM account_move")).isEqualTo("20");
        }
    }

    /** Starts the databases and dies without any clean-up, as SIGKILL would have it. */
    static final class StartAndHalt {
        private StartAndHalt() {}

        @SuppressWarnings("resource")
        public static void main(String[] arguments) {
            DemoDatabases.start(Path.of(arguments[0], "demo"), DemoDatabases.FREE_PORT, SMALL);
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void dataThatWereNeverFinishedAreMadeAnew() throws Exception {
        Files.createDirectories(folder.resolve("postgres/base"));
        Files.writeString(folder.resolve("postgres/postgresql.conf"), "half an initdb");

        try (DemoDatabases databases = DemoDatabases.start(folder, DemoDatabases.FREE_PORT, SMALL)) {
            assertThat(query(databases, "SELECT count(*) FROM account_move")).isEqualTo("20");
        }
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefused() throws IOException {
        try (DemoDatabases first = DemoDatabases.start(folder, DemoDatabases.FREE_PORT, SMALL)) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> DemoDatabases.start(folder, DemoDatabases.FREE_PORT, SMALL))
                    .isInstanceOfSatisfying(
                            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAKE_IN_USE))
                    .hasMessage(
                            """
                            LAKE_IN_USE  The demo databases in %s are in use by another process.
                                Stop the other one, or choose another folder with --root."""
                                    .formatted(folder.toRealPath()));
        }
    }

    @Test
    void aTakenPortIsRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> DemoDatabases.start(folder, port, SMALL))
                    .isInstanceOfSatisfying(
                            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_TAKEN))
                    .hasMessage(
                            """
                            PORT_TAKEN  Port %d of this machine, for the demo databases, is in use by another program.
                                Choose another with --postgres-port; --postgres-port 0 takes any that is free."""
                                    .formatted(port));
        }
    }

    private static void execute(DemoDatabases databases, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:" + odooAddress(databases));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(DemoDatabases databases, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:" + odooAddress(databases));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String odooAddress(DemoDatabases databases) {
        return "postgresql://localhost:" + databases.port() + "/odoo?user=postgres";
    }
}
