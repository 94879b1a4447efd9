package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.flow.Updates;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Thousands of transactions of every awkward kind against extractions that begin at any moment and are killed at any
 * moment. Beside them, in the same run, two peers keep a copy in the ways that are usual elsewhere.
 */
class LateCommitsTest extends OnSmallOdoo {

    private static final int WRITERS = 6;
    private static final int TRANSACTIONS = Integer.getInteger("tarn.transactions", 10_000);
    private static final long SEED = Long.getLong("tarn.test.seed", System.nanoTime());
    private static final int KEYS = 400;
    private static final TableSource SOURCE = SmallOdoo.source(SmallOdoo.table("account_move"));
    /** What a kill, a lock or a TRUNCATE may end in. */
    private static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.SOURCE_UNREACHABLE, ErrorCode.SOURCE_BUSY, ErrorCode.DELETES_HELD);

    private static final SourcePosition POSITION = new SourcePosition("pipelines/silver_account_move.sql", 1, 1);
    private static final Flow SILVER = new Flow(
            "account_move",
            Dataset.of(
                    TableName.parse("silver.account_move"),
                    Dataset.Kind.STREAMING_TABLE,
                    new TableSchema(List.of(
                            new Column("id", DataType.Simple.INT),
                            new Column("name", DataType.Simple.STRING),
                            new Column("amount_total", new DataType.Decimal(38, 18)),
                            new Column("write_date", DataType.Simple.TIMESTAMP))),
                    POSITION),
            new Effect.AutoCdc(
                    List.of("id"), DataType.Simple.BIGINT, Effect.ScdType.TYPE_1, List.of(), Set.of(), false, false),
            List.of(new Flow.Input(TableName.parse(MOVES), Flow.Reading.STREAM)),
            "SELECT id, name, amount_total, write_date, _seq AS _tarn_sequence, CASE WHEN _op = 'delete' THEN 1 ELSE 0"
                    + " END::TINYINT AS _tarn_operation FROM \"bronze.account_move\"",
            List.of(),
            List.of(),
            "silver",
            POSITION);

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger prepared = new AtomicInteger();
    private final AtomicBoolean writing = new AtomicBoolean(true);

    @Test
    void nothingIsLostHoweverLateItCommits() throws Exception {
        odoo("INSERT INTO account_move SELECT i, 'start', i, now() FROM generate_series(1, " + KEYS + ") AS i");
        WatermarkCopy watermark = new WatermarkCopy(server.connect(database));
        RunningTransactionsCopy running = new RunningTransactionsCopy(server.connect(database));
        ExecutorService threads = Executors.newCachedThreadPool();
        int[] looks;
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(SEED + i);
                writers.add(threads.submit((Callable<Void>) () -> write(random)));
            }
            Future<?> killer = threads.submit((Callable<Void>) this::kill);
            Future<int[]> extractor = threads.submit((Callable<int[]>) this::extract);
            Future<?> peers = threads.submit((Callable<Void>) () -> copy(watermark, running));
            for (Future<?> writer : writers) {
                writer.get();
            }
            writing.set(false);
            killer.get();
            peers.get();
            looks = extractor.get();
        } finally {
            threads.shutdownNow();
        }
        commitPrepared();
        watermark.look();
        running.look();
        extraction(SOURCE).reconcile(SOURCE.tables(), OptionalLong.of(Long.MAX_VALUE));

        List<String> truth = server.query(
                database,
                "SELECT id, name, amount_total::numeric(38,18), write_date::text || '+00' FROM account_move ORDER BY id");
        System.out.printf(
                "late commits, seed %d: %d transactions, %d looks, %d of them broken off; rows %d; wrong or absent at the"
                        + " end: horizon 0, write_date %d, running transactions %d%n",
                SEED, begun.get(), looks[0], looks[1], truth.size(), watermark.wrong(), running.wrong());
        new Updates(lake.lake(), ZoneId.of("UTC")).run(SILVER);
        assertThat(lake.query(MOVES, NOW)).as("seed " + SEED).isEqualTo(truth);
        assertThat(lake.query("silver.account_move", "SELECT * FROM %s ORDER BY id"))
                .as("seed " + SEED)
                .isEqualTo(truth);
        assertThat(lake.query(MOVES, "SELECT id, _seq FROM %s GROUP BY ALL HAVING count(*) > 1"))
                .as("one version of a key per number, seed " + SEED)
                .isEmpty();
        assertThat(lake.query(MOVES, "SELECT id, _xid FROM %s WHERE _op = 'upsert' GROUP BY ALL HAVING count(*) > 1"))
                .as("a version that is read again is left out, seed " + SEED)
                .isEmpty();
        assertThat(watermark.wrong()).as("the peers meet what they cannot see").isPositive();
        assertThat(running.wrong()).isPositive();
    }

    private int[] extract() {
        Random random = new Random(SEED - 1);
        int looks = 0;
        int broken = 0;
        DatabaseExtract extraction = extraction(SOURCE, new LoadRange.Size(2, 1, 100));
        while (writing.get()) {
            looks++;
            try {
                if (random.nextInt(4) == 0) {
                    extraction.reconcile(SOURCE.tables(), OptionalLong.of(Long.MAX_VALUE));
                } else {
                    extraction.extractDue();
                    extraction = extraction(SOURCE, new LoadRange.Size(2, 1, 100));
                }
                new Updates(lake.lake(), ZoneId.of("UTC")).run(SILVER);
            } catch (TarnException e) {
                assertThat(PASSING).as(e.getMessage()).contains(e.code());
                broken++;
            }
        }
        return new int[] {looks, broken};
    }

    /** Ends sessions of the extraction, wherever they are. */
    private Void kill() throws SQLException {
        Random random = new Random(SEED - 2);
        while (writing.get()) {
            server.query(
                    database,
                    "SELECT pg_sleep(" + random.nextInt(1200) / 1000.0
                            + ")::text, pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = 'tarn'"
                            + " AND datname = '" + database + "'");
        }
        return null;
    }

    private Void copy(WatermarkCopy watermark, RunningTransactionsCopy running) throws SQLException {
        while (writing.get()) {
            watermark.look();
            running.look();
        }
        return null;
    }

    private Void write(Random random) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (begun.incrementAndGet() <= TRANSACTIONS) {
                try {
                    transaction(random, connection, statement);
                } catch (SQLException deadlockOrDuplicate) {
                    assertThat(deadlockOrDuplicate.getSQLState()).isIn("40P01", "23505", "55000", "55P03", "42704");
                    connection.rollback();
                }
            }
        }
        return null;
    }

    private void transaction(Random random, Connection connection, Statement statement) throws SQLException {
        statement.execute("SET LOCAL lock_timeout = 2000");
        if (random.nextInt(2000) == 0) {
            statement.execute("TRUNCATE account_move");
        }
        int steps = 1 + random.nextInt(3);
        for (int step = 0; step < steps; step++) {
            boolean savepoint = random.nextInt(3) > 0;
            if (savepoint) {
                statement.execute("SAVEPOINT s");
            }
            change(random, statement);
            if (savepoint) {
                statement.execute(random.nextInt(4) == 0 ? "ROLLBACK TO s" : "RELEASE s");
            }
        }
        if (random.nextInt(12) == 0) {
            // Holds the transaction open across looks, as a slow request of Odoo does.
            statement.execute("SELECT pg_sleep(" + random.nextInt(120) / 1000.0 + ")");
        }
        end(random, connection, statement);
    }

    private static void change(Random random, Statement statement) throws SQLException {
        int id = 1 + random.nextInt(KEYS);
        String value = "'v" + random.nextInt(100_000) + "', amount_total = " + random.nextInt(100_000) / 100.0;
        switch (random.nextInt(6)) {
            case 0:
                statement.execute("DELETE FROM account_move WHERE id = " + id);
                break;
            case 1:
            case 2:
                // An id that was used before comes back.
                statement.execute(
                        "INSERT INTO account_move VALUES (" + id + ", 'new" + random.nextInt(100_000) + "', 1,"
                                + moment(random) + ") ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                                + " write_date = excluded.write_date");
                break;
            case 3:
                statement.execute("UPDATE account_move SET name = " + value + " WHERE id = " + id);
                break;
            default:
                statement.execute("UPDATE account_move SET name = " + value + ", write_date = " + moment(random)
                        + " WHERE id = " + id);
        }
    }

    /** Mostly the transaction's beginning, as Odoo writes it; now and then of a clock that jumped, or a whole second. */
    private static String moment(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> "now() - interval '" + random.nextInt(60) + " seconds'";
            case 1 -> "date_trunc('second', now())";
            default -> "now()";
        };
    }

    private void end(Random random, Connection connection, Statement statement) throws SQLException {
        int how = random.nextInt(40);
        if (how == 0) {
            String name = "t" + prepared.incrementAndGet();
            statement.execute("PREPARE TRANSACTION '" + name + "'");
            connection.commit();
            statement.execute("SELECT pg_sleep(" + random.nextInt(80) / 1000.0 + ")");
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute((random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT") + " PREPARED '" + name + "'");
            connection.setAutoCommit(false);
        } else if (how < 5) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private void commitPrepared() throws SQLException {
        for (String name :
                server.query(database, "SELECT gid FROM pg_prepared_xacts WHERE database = '" + database + "'")) {
            server.execute(database, "COMMIT PREPARED '" + name + "'");
        }
    }

    /** A copy of the table in another schema, kept up to date in some way. */
    private abstract static class Copy {

        final Connection connection;
        private final String name;

        Copy(Connection connection, String name) throws SQLException {
            this.connection = connection;
            this.name = name;
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE " + name + " (LIKE account_move INCLUDING ALL)");
            }
            connection.commit();
        }

        /** Which rows are new; runs in the snapshot in which they are then read. */
        abstract String condition(Statement statement) throws SQLException;

        final void look() throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO " + name + " SELECT * FROM account_move WHERE " + condition(statement)
                        + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, amount_total = excluded.amount_total,"
                        + " write_date = excluded.write_date");
                connection.commit();
            }
        }

        /** Rows of the table that the copy does not have as they are. That it keeps deleted ones is not held against it. */
        final int wrong() throws SQLException, IOException {
            return Integer.parseInt(server.query(
                            connection.getCatalog(),
                            "SELECT count(*) FROM (SELECT * FROM account_move EXCEPT SELECT * FROM " + name
                                    + ") AS wrong")
                    .get(0));
        }
    }

    private static final class WatermarkCopy extends Copy {

        private String seen = "-infinity";

        WatermarkCopy(Connection connection) throws SQLException {
            super(connection, "by_watermark");
        }

        @Override
        String condition(Statement statement) throws SQLException {
            String last = seen;
            try (ResultSet row =
                    statement.executeQuery("SELECT coalesce(max(write_date)::text, '-infinity') FROM account_move")) {
                row.next();
                seen = row.getString(1);
            }
            return "write_date >= '" + last + "'";
        }
    }

    private static final class RunningTransactionsCopy extends Copy {

        private String seen = "1:1:";

        RunningTransactionsCopy(Connection connection) throws SQLException {
            super(connection, "by_running");
        }

        @Override
        String condition(Statement statement) throws SQLException {
            String last = seen;
            try (ResultSet row = statement.executeQuery("SELECT pg_current_snapshot()::text")) {
                row.next();
                seen = row.getString(1);
            }
            return "NOT pg_visible_in_snapshot(xmin::text::xid8, '" + last + "'::pg_snapshot)";
        }
    }
}
