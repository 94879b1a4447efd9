package dev.tarn.connect;

import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.SecretRef;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server of its own for a test class. Roles named {@code locked...} need their password; others none. */
public final class EmbeddedServer implements AutoCloseable {

    private final EmbeddedPostgres postgres;

    private EmbeddedServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    public static EmbeddedServer start(Path folder) throws IOException, SQLException {
        Path data = folder.resolve("postgres");
        EmbeddedServer server = new EmbeddedServer(EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setLocaleConfig("locale", "C")
                .setServerConfig("max_prepared_transactions", "100")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start());
        server.execute("postgres", "CREATE ROLE locked LOGIN PASSWORD 'right'");
        Path hba = data.resolve("pg_hba.conf");
        Files.writeString(hba, "host all /^locked 127.0.0.1/32 scram-sha-256\n" + Files.readString(hba));
        server.execute("postgres", "SELECT pg_reload_conf()");
        return server;
    }

    public int port() {
        return postgres.getPort();
    }

    public Connection connect(String database) throws SQLException {
        return postgres.getDatabase("postgres", database).getConnection();
    }

    public PostgresUrl url(String user, String database) {
        return new PostgresUrl(new SecretRef("test-url"), "127.0.0.1", port(), database, user, "right", "disable");
    }

    public void execute(String database, String... sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }

    /** The rows, each as its columns' texts with {@code |} between them. */
    public List<String> query(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
