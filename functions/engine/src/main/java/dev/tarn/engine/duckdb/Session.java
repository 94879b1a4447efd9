package dev.tarn.engine.duckdb;

import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/**
 * A connection with its own views, feeds and time zone. For one thread at a time. Every failure of DuckDB is a
 * {@link SqlFailedException}, unless it is told what it means to a user.
 */
public final class Session implements AutoCloseable {

    private final DuckDBConnection connection;
    private final Workspace workspace;
    private final FeedFunction feeds;
    private final ViolationFunction violations;
    private final ColumnsFunction columns;
    private final List<Long> feedIds = new ArrayList<>();
    private final Deque<Runnable> atItsEnd = new ArrayDeque<>();
    private final Deque<FailureReader> failureReaders = new ArrayDeque<>();
    private long fetchedBytes;

    Session(
            DuckDBConnection connection,
            Workspace workspace,
            FeedFunction feeds,
            ViolationFunction violations,
            ColumnsFunction columns) {
        this.connection = connection;
        this.workspace = workspace;
        this.feeds = feeds;
        this.violations = violations;
        this.columns = columns;
    }

    /** The zone in which moments become dates and texts. */
    public void timezone(ZoneId zone) {
        execute("SET SESSION TimeZone = " + Sql.literal(zone.getId()));
    }

    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(e);
        }
        refuseFailedFeeds();
    }

    /** All rows of the query, in its order. */
    public <T> List<T> query(String sql, RowReader<T> reader) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<T> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(reader.read(result));
            }
            refuseFailedFeeds();
            return rows;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * The rows of the query, in no order, while it runs; until they are closed, nothing else can be asked of this session.
     * What they do not tell is said at {@link RowChunks}.
     */
    public RowChunks chunks(String sql) {
        try {
            return RowChunks.of(connection, sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Shows the rows of the query as they come, without keeping any. The session takes no other work meanwhile. A query that
     * fails may do so after its first rows.
     */
    public void forEach(String sql, RowVisitor visitor) {
        Streaming mode = streaming();
        try (mode;
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            boolean goOn = true;
            while (goOn && result.next()) {
                goOn = visitor.visit(result);
            }
            refuseFailedFeeds();
        } catch (SQLException e) {
            throw failed(isReasonLost(e) ? reason(sql, e) : e);
        }
    }

    /** What DuckDB's driver says when a query fails before its first rows are taken. */
    private static boolean isReasonLost(SQLException e) {
        return String.valueOf(e.getMessage()).contains("Invalid result set");
    }

    /** Runs the query once more, without its rows, to hear why it fails. */
    private SQLException reason(String sql, SQLException lost) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("EXPLAIN ANALYZE " + sql);
            return lost;
        } catch (SQLException told) {
            return told;
        }
    }

    /** While it is open, results come as they are made. */
    private interface Streaming extends AutoCloseable {
        @Override
        void close();
    }

    private Streaming streaming() {
        execute("SET SESSION jdbc_stream_results = true");
        // Not RESET: that leaves no value, which DuckDB's driver cannot do without.
        return () -> execute("SET SESSION jdbc_stream_results = false");
    }

    /** Makes {@code name}, one identifier, stand for the query, in this session only. */
    public void view(String name, String sql) {
        execute("CREATE OR REPLACE TEMP VIEW " + Sql.identifier(name) + " AS " + sql);
    }

    /**
     * Makes {@code SELECT * FROM "name"()} read the feed, in this session only. Readers that a query left before their
     * end are closed with the session.
     */
    public void feed(String name, RowFeed feed) {
        long id = feeds.add(feed);
        feedIds.add(id);
        execute("CREATE OR REPLACE TEMP MACRO " + Sql.identifier(name) + "() AS TABLE "
                + FeedFunction.select(id, feed));
    }

    /**
     * Makes {@code "name"(mask)} count a row that breaks the rules of {@code mask} (a BIGINT, bit {@code i} for rule
     * {@code i}), in this session only. It answers whether the row is kept. Call it for broken rows only, in the select
     * list of a sub-query:
     *
     * <pre>{@code
     * SELECT a, b FROM (
     *     SELECT *, CASE WHEN (rule0) AND (rule1) THEN TRUE
     *               ELSE "name"(CASE WHEN (rule0) THEN 0 ELSE 1 END + CASE WHEN (rule1) THEN 0 ELSE 2 END) END AS keep
     *     FROM (query)) WHERE keep
     * }</pre>
     *
     * Every row of {@code query} that breaks a rule is then counted once, whatever the query does. Any other condition or
     * limit outside of the sub-query would be applied before the rows are counted.
     */
    public void violations(String name, ViolationCounter counter) {
        long id = violations.add(counter);
        atItsEnd.push(() -> violations.remove(id));
        execute("CREATE OR REPLACE TEMP MACRO " + Sql.identifier(name) + "(mask) AS " + ViolationFunction.NAME + "("
                + id + "::BIGINT, (mask)::BIGINT)");
    }

    /**
     * Makes {@code name}, one identifier, stand for a table of the recorder's columns without rows, in this session only.
     * The recorder is told what a query reads of it when the query runs.
     */
    public void recorded(String name, ColumnRecorder recorder) {
        long id = columns.add(recorder);
        atItsEnd.push(() -> columns.remove(id));
        view(name, ColumnsFunction.select(id, recorder));
    }

    /** Has {@code release} run when the session is closed, after its last query. */
    public void keep(Runnable release) {
        atItsEnd.push(release);
    }

    /** Has {@code reader} asked what a failure means, from now on and before those that came earlier. */
    public void onFailure(FailureReader reader) {
        failureReaders.push(reader);
    }

    /** Notes that so many bytes were brought from elsewhere for what this session reads. */
    public void addFetchedBytes(long bytes) {
        fetchedBytes += bytes;
    }

    /** Bytes that were brought from elsewhere for what this session reads. */
    public long fetchedBytes() {
        return fetchedBytes;
    }

    /** A path in the workspace at which there is no file yet. Whoever writes a file there also deletes it. */
    public Path newFile(String suffix) {
        return workspace.newFile(suffix);
    }

    /**
     * Columns and types of a query, without running it. Throws {@link TarnException} with
     * {@link ErrorCode#TYPE_MISMATCH} when a column has a type that a table cannot have.
     */
    public TableSchema describe(String sql) {
        return new TableSchema(query("DESCRIBE " + sql, row -> DuckDbTypes.column(row.getString(1), row.getString(2))));
    }

    /** DuckDB passes on no more than the message of what a feed threw, so the exception itself is attached. */
    private void refuseFailedFeeds() {
        List<Exception> thrown = takeFeedFailures();
        if (!thrown.isEmpty()) {
            Exception first = thrown.get(0);
            throw failed(new SQLException("Feed Error: " + first.getMessage(), first), thrown);
        }
    }

    private RuntimeException failed(SQLException cause) {
        SqlFailedException failure = failed(cause, takeFeedFailures());
        for (FailureReader reader : failureReaders) {
            Optional<TarnException> meaning = reader.read(failure);
            if (meaning.isPresent()) {
                return meaning.get();
            }
        }
        return failure;
    }

    private static SqlFailedException failed(SQLException cause, List<Exception> thrownByFeeds) {
        SqlFailedException failure = new SqlFailedException(cause);
        thrownByFeeds.forEach(failure::addSuppressed);
        return failure;
    }

    private List<Exception> takeFeedFailures() {
        return feedIds.stream().flatMap(id -> feeds.takeFailures(id).stream()).toList();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new SqlFailedException(e);
        } finally {
            while (!atItsEnd.isEmpty()) {
                atItsEnd.pop().run();
            }
            feedIds.forEach(feeds::remove);
        }
    }
}
