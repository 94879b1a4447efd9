package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.TestLake;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that commit late, undo and overtake each other, while two extractors read into one lake. */
class ExtractRaceTest {

    private static final int WRITERS = 4;
    private static final int TRANSACTIONS = 60;
    private static final long SEED = Long.getLong("tarn.test.seed", System.nanoTime());

    @TempDir
    static Path folder;

    private static EmbeddedServer server;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
        SmallOdoo.create(server, "odoo");
        server.execute(
                "odoo", "INSERT INTO account_move SELECT i, 'start', i, now() FROM generate_series(1, 300) AS i");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void theNewestVersionsAreWhatOdooHolds() throws Exception {
        try (TestLake lake = TestLake.open(folder)) {
            race(lake);
            extract(lake);

            assertThat(
                            lake.query(
                                    "bronze.account_move",
                                    "SELECT id, name, amount_total::DECIMAL(18,2) FROM %s"
                                            + " QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1 ORDER BY id"))
                    .as("seed " + SEED)
                    .isEqualTo(server.query(
                            "odoo", "SELECT id, name, amount_total::numeric(18,2) FROM account_move ORDER BY id"));
            assertThat(lake.query("bronze.account_move", "SELECT id, _seq FROM %s GROUP BY ALL HAVING count(*) > 1"))
                    .as("one version of a key per number, seed " + SEED)
                    .isEmpty();
        }
    }

    private static void race(TestLake lake) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicBoolean writing = new AtomicBoolean(true);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(SEED + i);
                writers.add(threads.submit((Callable<Integer>) () -> write(random)));
            }
            Callable<Integer> extracting = () -> {
                int looks = 0;
                for (; writing.get(); looks++) {
                    extract(lake);
                }
                return looks;
            };
            List<Future<Integer>> extractors = List.of(threads.submit(extracting), threads.submit(extracting));
            for (Future<?> writer : writers) {
                writer.get();
            }
            writing.set(false);
            for (Future<Integer> extractor : extractors) {
                assertThat(extractor.get()).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Losing to the other extractor again and again is allowed: the next look brings what this one did not. */
    private static void extract(TestLake lake) {
        try {
            new DatabaseExtract(
                            lake.lake(),
                            SmallOdoo.source(SmallOdoo.table("account_move")),
                            server.url("postgres", "odoo"))
                    .extract();
        } catch (TarnException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_CONFLICT);
        }
    }

    private static int write(Random random) throws SQLException {
        int committed = 0;
        try (Connection connection = server.connect("odoo");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (committed < TRANSACTIONS) {
                try {
                    transaction(random, statement);
                    if (random.nextInt(5) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                    }
                    committed++;
                } catch (SQLException deadlock) {
                    connection.rollback();
                }
            }
        }
        return committed;
    }

    private static void transaction(Random random, Statement statement) throws SQLException {
        for (int step = 0; step <= random.nextInt(4); step++) {
            statement.execute("SAVEPOINT s");
            statement.execute("UPDATE account_move SET name = 'v' || " + random.nextInt(1000) + ", amount_total = "
                    + random.nextInt(100_000) / 100.0 + " WHERE id = " + (1 + random.nextInt(300)));
            // Holds the transaction open across looks, as a slow request of Odoo does.
            statement.execute("SELECT pg_sleep(" + random.nextInt(30) / 1000.0 + ")");
            statement.execute(random.nextInt(4) == 0 ? "ROLLBACK TO s" : "RELEASE s");
        }
    }

    @Test
    void aLookThatBreaksOffCommitsNothing() throws Exception {
        // The policy divides by zero at a row far behind the first ones.
        server.execute(
                "odoo",
                "CREATE ROLE unlucky LOGIN",
                "CREATE TABLE account_move_line AS SELECT i AS id FROM generate_series(1, 200000) AS i",
                "ALTER TABLE account_move_line ADD PRIMARY KEY (id)",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO unlucky",
                "ALTER TABLE account_move_line ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY p ON account_move_line USING (1 / (id - 199999) IS NOT NULL)");
        try (TestLake lake = TestLake.open(folder.resolve("broken"))) {
            DatabaseExtract extract = new DatabaseExtract(
                    lake.lake(), SmallOdoo.source(SmallOdoo.table("account_move_line")), server.url("unlucky", "odoo"));

            assertThatThrownBy(extract::extract)
                    .isInstanceOfSatisfying(
                            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE))
                    .hasMessage("SOURCE_UNREACHABLE  Source odoo: 127.0.0.1:" + server.port()
                            + "/odoo broke off when account_move_line was read (SQLSTATE 22012).\n"
                            + "    Nothing was committed; Tarn looks again.");
            assertThat(lake.snapshot("bronze.account_move_line").version()).isZero();

            server.execute(
                    "odoo",
                    "DROP POLICY p ON account_move_line",
                    "ALTER TABLE account_move_line DISABLE ROW LEVEL SECURITY");
            assertThat(extract.extract()).extracting(Extracted::rows).containsExactly(200_000L);
        }
    }
}
