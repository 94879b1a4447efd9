package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TableSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source behind a real PgBouncer, where one is installed. */
class PgBouncerTest extends OnSmallOdoo {

    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");
    private static final TableSource.Table MOVE = SmallOdoo.table("account_move");
    private static final LoadRange.Size SMALL = new LoadRange.Size(4, 2, 1_000);

    private @Nullable Process pooler;

    @AfterEach
    void end() throws InterruptedException {
        if (pooler != null) {
            pooler.destroy();
            assertThat(pooler.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "transaction"})
    void aSourceIsReadThroughAPooler(String mode) throws IOException, SQLException {
        PostgresUrl url = pooled(mode);
        odoo("INSERT INTO account_move SELECT i, repeat('A', 100), i, '2026-01-01' FROM generate_series(1, 5000) AS i");
        DatabaseExtract extract = new DatabaseExtract(lake.lake(), SmallOdoo.source(MOVE), url, SMALL);

        assertThat(extract.extract()).extracting(Extracted::rows).containsExactly(5000L);

        try (Connection late = server.connect(database);
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("UPDATE account_move SET name = 'late' WHERE id = 17");
            odoo("UPDATE account_move SET name = 'early' WHERE id = 18", "DELETE FROM account_move WHERE id = 19");
            extract.extract();
            late.commit();
        }
        extract.extract();
        extract.reconcile(List.of(MOVE), OptionalLong.empty());

        assertThat(lake.query(MOVES, "SELECT id, name FROM (" + NOW + ") ORDER BY id"))
                .isEqualTo(server.query(database, "SELECT id, name FROM account_move ORDER BY id"));
        assertThat(settings(url)).as("left to the next client").isEqualTo("0|0|read committed");
    }

    private static String settings(PostgresUrl url) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + url, url.user(), null);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT concat_ws('|', current_setting('lock_timeout'),"
                        + " current_setting('statement_timeout'), current_setting('transaction_isolation'))")) {
            row.next();
            return row.getString(1);
        }
    }

    private PostgresUrl pooled(String mode) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "there is no PgBouncer on this machine");
        int port = freePort();
        Path settings = Files.writeString(
                folder.resolve(database + ".ini"),
                """
                [databases]
                %s = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                default_pool_size = 2
                """
                        .formatted(database, server.port(), port, mode));
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), settings.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(1, List.of("-u", "nobody"));
        }
        pooler = new ProcessBuilder(command).redirectErrorStream(true).start();
        awaitStart(pooler);
        return new PostgresUrl(new SecretRef("test-url"), "127.0.0.1", port, database, "postgres", "right", "disable");
    }

    /** What it logs later fits into the pipe. */
    private static void awaitStart(Process pooler) throws IOException {
        BufferedReader log = new BufferedReader(new InputStreamReader(pooler.getInputStream(), StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            lines.add(line);
            if (line.contains("process up")) {
                return;
            }
        }
        throw new IllegalStateException(lines.toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
