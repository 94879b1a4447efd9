package dev.tarn.engine.duckdb;

import dev.tarn.engine.budget.Budget;
import dev.tarn.model.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DuckDB in memory, within a {@link Budget}. One instance serves a process; close it after its sessions. */
public final class DuckDb implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DuckDb.class);

    private final CompletableFuture<DuckDBConnection> connection = new CompletableFuture<>();
    private final Budget budget;
    private final Workspace workspace;
    private final FeedFunction feeds = new FeedFunction();
    private final ViolationFunction violations = new ViolationFunction();
    private final ColumnsFunction columns = new ColumnsFunction();

    private DuckDb(Budget budget, Workspace workspace) {
        this.budget = budget;
        this.workspace = workspace;
    }

    /**
     * Starts to load DuckDB's library, half a second's work, beside whatever the caller does next. A process that calls it
     * first thing finds the library there by the time of {@link #open}.
     */
    public static void preload() {
        Thread loader = new Thread(
                () -> {
                    try {
                        new DuckDBDriver()
                                .connect("jdbc:duckdb:", new Properties())
                                .close();
                    } catch (SQLException | LinkageError e) {
                        // Told by open, which meets the same, to somebody who can act on it.
                        LOG.debug("DuckDB could not be loaded ahead", e);
                    }
                },
                "duckdb-preload");
        loader.setDaemon(true);
        loader.start();
    }

    /**
     * Starts DuckDB beside whatever the caller does next. The first session waits until it is there, or throws what kept it
     * from starting.
     *
     * @param workspace folder for spill and for files being written. It is created when absent; every process has its
     *     own part of it, and what dead processes left there is deleted
     */
    public static DuckDb open(Budget budget, Path workspace) {
        DuckDb duckDb = new DuckDb(budget, openWorkspace(workspace));
        Thread opening = new Thread(() -> duckDb.connect(), "duckdb-open");
        opening.setDaemon(true);
        opening.start();
        return duckDb;
    }

    private void connect() {
        try {
            // DriverManager sees the drivers of the class loader that used it first, which a host of functions may be.
            DuckDBConnection opened =
                    new DuckDBDriver().connect("jdbc:duckdb:", new Properties()).unwrap(DuckDBConnection.class);
            configure(opened);
            connection.complete(opened);
        } catch (SQLException | RuntimeException | LinkageError e) {
            connection.completeExceptionally(e);
        }
    }

    private DuckDBConnection connection() {
        try {
            return connection.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw new SqlFailedException(refused);
            }
            throw new IllegalStateException("DuckDB cannot be started", e.getCause());
        }
    }

    private static Workspace openWorkspace(Path folder) {
        try {
            return Workspace.open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for temporary files cannot be used: " + folder, e);
        }
    }

    private void configure(DuckDBConnection opened) throws SQLException {
        List<String> settings = List.of(
                "memory_limit = '" + (budget.duckdbMemoryBytes() >> 10) + "KiB'",
                "threads = " + budget.threads(),
                "temp_directory = " + Sql.literal(workspace.spill().toString()),
                "max_temp_directory_size = '" + (budget.spillBytes() >> 10) + "KiB'",
                // Nothing is fetched from the network behind the user's back.
                "autoinstall_known_extensions = false",
                "autoload_known_extensions = false",
                // Tables have no order: keeping one would buffer whole results.
                "preserve_insertion_order = false",
                // As in Spark: NULL is the smallest value, and floating point follows IEEE 754.
                "default_null_order = 'nulls_first_on_asc_last_on_desc'",
                "ieee_floating_point_ops = true",
                "TimeZone = 'UTC'");
        try (Statement statement = opened.createStatement()) {
            for (String setting : settings) {
                statement.execute("SET GLOBAL " + setting);
            }
        }
        feeds.register(opened);
        violations.register(opened);
        columns.register(opened);
    }

    /** What the process may use. */
    public Budget budget() {
        return budget;
    }

    /** A new session with its own views and settings, in UTC. Cheap: take one for each piece of work. */
    public Session session() {
        try {
            return new Session(
                    connection().duplicate().unwrap(DuckDBConnection.class), workspace, feeds, violations, columns);
        } catch (SQLException e) {
            throw new SqlFailedException(e);
        }
    }

    @Override
    public void close() {
        try {
            // A start that failed has told whoever asked for a session, and left nothing to close.
            if (!connection.handle((opened, failure) -> failure != null).join()) {
                connection.join().close();
            }
        } catch (SQLException e) {
            throw new SqlFailedException(e);
        } finally {
            workspace.close();
        }
    }
}
