package dev.tarn.local.demo;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One PostgreSQL server of this process with two databases: {@code odoo}, seeded, and {@code supabase}, empty. The data
 * stay in their folder from one run to the next; the server ends with {@link #close} or with the process. A server that
 * outlived a killed process is found by its own pid file and stopped at the next start.
 */
public final class DemoDatabases implements AutoCloseable {

    /** As {@code port}: any that is free. */
    public static final int FREE_PORT = 0;

    private static final String SUPERUSER = "postgres";
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final DemoFolder folder;
    private final EmbeddedPostgres postgres;

    private DemoDatabases(DemoFolder folder, EmbeddedPostgres postgres) {
        this.folder = folder;
        this.postgres = postgres;
    }

    /**
     * Starts the server on the data of {@code folder}, or makes and seeds them when there are none.
     *
     * @param port to listen on, on this machine only; {@link #FREE_PORT} chooses one
     * @param seed used only when the folder has no data yet
     * @throws TarnException LAKE_IN_USE when another process runs on the folder, PORT_TAKEN
     */
    public static DemoDatabases start(Path folder, int port, OdooSeed seed) {
        requireNonNull(seed, "seed");
        DemoFolder own = DemoFolder.claim(folder);
        try {
            refuseTakenPort(port);
            own.removeLeftovers();
            EmbeddedPostgres postgres = startServer(own, port);
            try {
                return filled(new DemoDatabases(own, postgres), seed);
            } catch (IOException | RuntimeException e) {
                postgres.close();
                throw e;
            }
        } catch (IOException e) {
            own.release();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            own.release();
            throw e;
        }
    }

    /** A role that may read everything in the demo Odoo and change nothing, as a secret would hold it. */
    public String odooUrl() {
        return odooUrl(postgres.getPort());
    }

    private static String odooUrl(int port) {
        return "postgresql://tarn_reader:demo@localhost:" + port + "/odoo";
    }

    /** As {@link #odooUrl}, of the server that another process runs on the data of {@code folder}; empty when none does. */
    public static Optional<String> runningOdooUrl(Path folder) {
        return RunningServer.port(DemoFolder.data(folder)).map(DemoDatabases::odooUrl);
    }

    /** A role that may write to the schema {@code reporting} and keep its own schema {@code tarn}. */
    public String supabaseUrl() {
        return "postgresql://tarn_writer:demo@localhost:" + postgres.getPort() + "/supabase";
    }

    /** What the companies' banks and budgets say, made of the entries that the demo Odoo has now. */
    public List<DemoFile> files() {
        try (Connection odoo = connect("odoo");
                Statement statement = odoo.createStatement();
                ResultSet rows = statement.executeQuery(DemoSql.read("files.sql"))) {
            List<DemoFile> files = new ArrayList<>();
            while (rows.next()) {
                Charset charset = Charset.forName(rows.getString("charset"));
                files.add(new DemoFile(
                        rows.getString("path"), rows.getString("content").getBytes(charset)));
            }
            return files;
        } catch (SQLException e) {
            throw new IllegalStateException("the files of the demo could not be made", e);
        }
    }

    /** For people who want to change something in the demo Odoo and see it arrive. */
    public String odooAdminUrl() {
        return "postgresql://" + SUPERUSER + "@localhost:" + postgres.getPort() + "/odoo";
    }

    public int port() {
        return postgres.getPort();
    }

    /** Stops the server; the data stay. */
    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the demo databases did not stop", e);
        } finally {
            folder.release();
        }
    }

    private static void refuseTakenPort(int port) {
        if (port == FREE_PORT) {
            return;
        }
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            socket.setReuseAddress(true);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.PORT_TAKEN,
                    "Port " + port + " of this machine, for the demo databases, is in use by another program.",
                    "Choose another with --postgres-port; --postgres-port 0 takes any that is free.",
                    e);
        }
    }

    private static EmbeddedPostgres startServer(DemoFolder folder, int port) throws IOException {
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(folder.log().toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.data())
                .setCleanDataDirectory(false)
                .setLocaleConfig("locale", "C")
                .setPGStartupWait(LONGEST_START)
                .setOutputRedirector(log)
                .setErrorRedirector(log);
        if (port != FREE_PORT) {
            builder.setPort(port);
        }
        return builder.start();
    }

    private static DemoDatabases filled(DemoDatabases databases, OdooSeed seed) throws IOException {
        if (databases.folder.isComplete()) {
            return databases;
        }
        try {
            databases.execute("postgres", "CREATE DATABASE odoo");
            databases.execute("postgres", "CREATE DATABASE supabase");
            databases.execute("postgres", "CREATE ROLE tarn_reader LOGIN; CREATE ROLE tarn_writer LOGIN");
            try (Connection odoo = databases.connect("odoo")) {
                seed.into(odoo);
            }
            databases.execute("odoo", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO tarn_reader");
            databases.execute("supabase", DemoSql.read("supabase.sql"));
        } catch (SQLException e) {
            throw new IllegalStateException("the demo databases could not be filled", e);
        }
        databases.folder.complete();
        return databases;
    }

    private Connection connect(String database) throws SQLException {
        return postgres.getDatabase(SUPERUSER, database).getConnection();
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
