package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.LeaseStateType;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobBreakLeaseOptions;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import dev.tarn.azurite.Azurite;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.TableName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events that come three times, late, in any order and one in ten never, to processes that are killed at random: tables and
 * sink end as ever.
 */
class KilledProcessesTest {

    private static final Budget BUDGET = new Budget(128L << 20, 128L << 20, 128L << 20, 128L << 20, 128L << 20, 1);
    private static final int PROCESSES = 3;
    private static final int MOST_SWEEPS = 10;

    @TempDir
    private static Path folder;

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void startTheDatabase() throws IOException {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setLocaleConfig("locale", "C")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    @AfterAll
    static void stopTheDatabase() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void tablesAndSinkEndAsInACleanRun() throws Exception {
        run(Long.getLong("tarn.seed", System.nanoTime()));
    }

    @Test
    @Tag("full")
    void manyRunsEndAsCleanOnes() throws Exception {
        Random seeds = new Random(Long.getLong("tarn.seed", System.nanoTime()));
        int killed = 0;
        for (int run = Integer.getInteger("tarn.seeds", 10); run > 0; run--) {
            killed += run(seeds.nextLong());
        }
        assertThat(killed).as("processes killed while they had something to do").isPositive();
    }

    private static int run(long seed) throws Exception {
        String settings = "-Dtarn.seed=" + seed;
        Random random = new Random(seed);
        List<Integer> arrivals = random.ints(12, 1, 20).boxed().toList();
        String address = Azurite.shared().newLake();
        Path work = Files.createTempDirectory(folder, "run");
        query("postgres", "CREATE DATABASE portal");
        query("portal", "CREATE TABLE months (id bigint PRIMARY KEY, amount bigint)");
        Map<String, String> environment = Map.of(
                ChainLake.PORTAL.environmentVariable(),
                "postgresql://postgres:postgres@localhost:" + postgres.getPort() + "/portal?sslmode=disable");
        List<MortalApp> apps = new ArrayList<>();
        try (Lake lake = Lake.open(
                AzureBlobStorage.open(AzureAddress.parse(address)),
                DuckDb.open(BUDGET, work.resolve("writer")),
                Clock.systemUTC())) {
            ChainLake chain = new ChainLake(lake);
            chain.deployWithSink();
            for (int number = 0; number < PROCESSES; number++) {
                apps.add(new MortalApp(address, work.resolve("process-" + number), environment, random));
            }
            int lost = deliver(chain, lake, apps, arrivals, random, address);
            int killed = apps.stream().mapToInt(MortalApp::killedAtWork).sum();
            System.out.println(
                    "Careless events, " + lost + " lost, " + killed + " processes killed at work, " + settings);

            Map<TableName, List<String>> rows = chain.rows();
            assertThat(rows.get(TableName.parse("gold.years"))).as(settings).hasSize(1);
            assertThat(rows).as(settings).isEqualTo(CarelessEventsTest.clean(work, arrivals));
            assertThat(query("portal", "SELECT id || '|' || amount FROM months ORDER BY id"))
                    .as(settings)
                    .isEqualTo(rows.get(TableName.parse("gold.months")));
            return killed;
        } finally {
            for (MortalApp app : apps) {
                app.close();
            }
            query("postgres", "DROP DATABASE portal WITH (FORCE)");
        }
    }

    /** Lets the rows arrive while processes are killed; then sweeps until there is nothing that no event announced. */
    private static int deliver(
            ChainLake chain, Lake lake, List<MortalApp> apps, List<Integer> arrivals, Random random, String address)
            throws Exception {
        try (CarelessPost post = new CarelessPost(lake.storage(), List.copyOf(apps), random)) {
            for (int rows : arrivals) {
                chain.arrive(rows);
                post.collect();
            }
            post.settle();
            for (MortalApp app : apps) {
                app.spare();
            }
            endLeases(address);
            Map<TableName, List<String>> before = Map.of();
            for (int sweep = 0; sweep < MOST_SWEEPS && !chain.rows().equals(before); sweep++) {
                before = chain.rows();
                apps.get(sweep % PROCESSES).sweep();
                post.settle();
            }
            return post.lost();
        }
    }

    /** What time would do within half a minute: the leases of the killed end. */
    private static void endLeases(String address) {
        BlobContainerClient container = new BlobServiceClientBuilder()
                .connectionString(address)
                .serviceVersion(BlobServiceVersion.V2026_06_06)
                .buildClient()
                .getBlobContainerClient("tarn");
        for (BlobItem blob : container.listBlobs(new ListBlobsOptions().setPrefix("leases/"), null)) {
            if (blob.getProperties().getLeaseState() == LeaseStateType.LEASED) {
                new BlobLeaseClientBuilder()
                        .blobClient(container.getBlobClient(blob.getName()))
                        .buildClient()
                        .breakLeaseWithResponse(
                                new BlobBreakLeaseOptions().setBreakPeriod(Duration.ZERO), null, Context.NONE);
            }
        }
    }

    private static List<String> query(String database, String sql) throws SQLException {
        try (Connection connection = postgres.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet row = statement.getResultSet()) {
                    while (row.next()) {
                        rows.add(row.getString(1));
                    }
                }
            }
            return rows;
        }
    }
}
