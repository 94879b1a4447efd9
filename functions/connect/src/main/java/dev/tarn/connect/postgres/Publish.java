package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * Sends gold tables to a PostgreSQL database. Rows and position change in one transaction of the sink: after a failure the
 * target is as it was, and doing it again changes nothing.
 */
public final class Publish {

    private static final String BATCH = "tarn_batch";

    private final Lake lake;
    private final PostgresSink sink;
    private final PostgresUrl url;
    private final String where;

    public Publish(Lake lake, PostgresSink sink, PostgresUrl url) {
        this.lake = requireNonNull(lake, "lake");
        this.sink = requireNonNull(sink, "sink");
        this.url = requireNonNull(url, "url");
        this.where = Peer.sink(sink.name()) + ": " + url;
    }

    /**
     * Makes the target hold the newest version of its gold table.
     *
     * @return empty when it does already, or when there is no gold table yet
     * @throws TarnException with a code that begins with SINK_, or COLUMN_NOT_FOUND, CONFIGURATION_INVALID
     */
    public Optional<Published> publish(PostgresSink.Table table) {
        Instant begun = lake.clock().instant();
        if (lake.table(table.from()).snapshot().isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = PostgresLogin.open(Peer.sink(sink.name()), url)) {
            settle(connection);
            SinkPosition position = new SinkPosition(connection, sink.name(), SinkTable.display(table));
            position.lock();
            position.prepare(where);
            // Read under the lock, so that an older version never follows a newer one.
            TableSnapshot gold = lake.table(table.from()).snapshot().orElseThrow();
            if (position.isAt(gold.tableId(), gold.version())) {
                return Optional.empty();
            }
            Changes changes = send(connection, table, gold);
            position.moveTo(gold.tableId(), gold.version());
            connection.commit();
            return Optional.of(new Published(
                    table.from(),
                    SinkTable.display(table),
                    gold.version(),
                    changes.inserted,
                    changes.updated,
                    changes.deleted,
                    changes.bytesFetched,
                    Duration.between(begun, lake.clock().instant())));
        } catch (SQLException e) {
            throw SinkFailure.of(where, table, e);
        }
    }

    /** What the server may have been told otherwise: texts of dates and times are in ISO form and UTC. */
    private static void settle(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle ="
                    + " 'iso_8601'; SET LOCAL lock_timeout = '1min'; SET LOCAL statement_timeout = '15min'");
        }
    }

    private Changes send(Connection connection, PostgresSink.Table table, TableSnapshot gold) throws SQLException {
        SinkTable target = SinkTable.find(connection, where, table, gold.schema());
        try (Session session = lake.duckDb().session();
                Statement statement = connection.createStatement()) {
            requireKeys(session, table, gold);
            statement.execute(target.createBatch(BATCH));
            copy(connection, session, gold, target.copyInto(BATCH));
            statement.execute("ANALYZE " + BATCH);
            // Before the others come: a second unique constraint may still be held by a row that has to go.
            long deleted =
                    table.mode() == PostgresSink.Mode.MIRROR ? statement.executeUpdate(target.deleteOthers(BATCH)) : 0;
            try (ResultSet counts = statement.executeQuery(target.upsert(BATCH))) {
                counts.next();
                return new Changes(counts.getLong(1), counts.getLong(2), deleted, session.fetchedBytes());
            }
        }
    }

    private record Changes(long inserted, long updated, long deleted, long bytesFetched) {}

    private static void requireKeys(Session session, PostgresSink.Table table, TableSnapshot gold) {
        List<String> keys = table.key().stream().map(Sql::identifier).toList();
        String keyless =
                String.join(" OR ", keys.stream().map(key -> key + " IS NULL").toList());
        String key = "struct_pack("
                + String.join(", ", keys.stream().map(k -> k + " := " + k).toList()) + ")";
        List<long[]> counts = session.query(
                "SELECT count(*) FILTER (WHERE " + keyless + "), count(*) - count(DISTINCT " + key + ") FROM "
                        + gold.scan(session),
                row -> new long[] {row.getLong(1), row.getLong(2)});
        long withoutKey = counts.get(0)[0];
        long repeated = counts.get(0)[1];
        if (withoutKey > 0) {
            throw refusedRows(table, withoutKey + " rows of " + table.from() + " have NULL in the key");
        }
        if (repeated > 0) {
            throw refusedRows(table, repeated + " rows of " + table.from() + " repeat the key of another row");
        }
    }

    private static TarnException refusedRows(PostgresSink.Table table, String why) {
        return new TarnException(
                List.of(new Problem(
                        ErrorCode.SINK_REFUSED_ROWS,
                        table.position(),
                        SinkTable.display(table) + " takes one row for each " + String.join(", ", table.key())
                                + ", but " + why + ".",
                        "Change the query of " + table.from() + " or the key; until then the target stays as it was.")),
                null);
    }

    private static void copy(Connection connection, Session session, TableSnapshot gold, String copyInto)
            throws SQLException {
        Path file = session.newFile(".csv");
        try {
            // Quotes tell an empty text from NULL, and the text \N from NULL.
            session.execute(
                    "COPY (SELECT " + SinkTypes.select(gold.schema().columns()) + " FROM " + gold.scan(session)
                            + ") TO "
                            + Sql.literal(file.toString())
                            + " (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '\\N', FORCE_QUOTE *)");
            try (InputStream rows = Files.newInputStream(file)) {
                connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyInto, rows);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
