package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.connect.status.LakeStatus;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sweep sends a canary, and the functions of all containers pass it on. */
class CanaryFunctionsTest {

    private static final Budget BUDGET = new Budget(128L << 20, 128L << 20, 128L << 20, 128L << 20, 128L << 20, 1);

    @TempDir
    private Path folder;

    @Test
    void aCanaryPassesThroughTheFunctionsOfAllContainers() throws IOException {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        String address = Azurite.shared().newLake();
        AppLake process = new AppLake(Settings.of(address, folder.resolve("process")), Map.of());
        try (Lake lake = Lake.open(
                AzureBlobStorage.open(AzureAddress.parse(address)),
                DuckDb.open(BUDGET, folder.resolve("writer")),
                Clock.systemUTC())) {
            new ChainLake(lake).deploy();
            RunningApp app = new RunningApp(process);
            assertThat(app.status().aboutEvents()).isEmpty();

            new SweepFunction(app).run("{}", new Messages(), new Invocation());
            assertThat(app.status().aboutEvents().orElseThrow()).startsWith("A canary waits in bronze since ");
            byte[] unread = {};
            new CleanseFunction(app).run(unread, canary(lake, "bronze"), new Messages(), new Invocation());
            new AggregateFunction(app).run(unread, canary(lake, "silver"), new Messages(), new Invocation());
            new PublishFunction(app).run(unread, canary(lake, "gold"), new Messages(), new Invocation());

            LakeStatus status = app.status();
            assertThat(status.events()).isNotNull();
            assertThat(status.aboutEvents().orElseThrow())
                    .matches("Events took \\d+ s through all containers, \\d+ s ago\\.");
        } finally {
            process.close();
        }
    }

    /** Its name in the container, as an event tells it. */
    private static String canary(Lake lake, String container) throws IOException {
        StoredFile file =
                lake.storage().list(container + "/_canary/_delta_log", "").get(0);
        return file.path().substring(container.length() + 1);
    }

    @Test
    void aLakeInAFolderOfWhichNoEventTellsGetsNone() throws IOException {
        Path root = folder.resolve("lake");
        AppLake process = new AppLake(Settings.of(root.toUri().toString(), folder.resolve("process")), Map.of());
        try (Lake lake =
                Lake.open(new LocalStorage(root), DuckDb.open(BUDGET, folder.resolve("writer")), Clock.systemUTC())) {
            new ChainLake(lake).deploy();

            new SweepFunction(new RunningApp(process)).run("{}", new Messages(), new Invocation());

            assertThat(lake.storage().listBelow("bronze")).isEmpty();
        } finally {
            process.close();
        }
    }
}
