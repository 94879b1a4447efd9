package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judges the folder that is deployed. */
@Tag("packaged")
class PackagedAppTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Budget BUDGET = new Budget(128L << 20, 128L << 20, 128L << 20, 128L << 20, 128L << 20, 1);

    private final Path packaged = Path.of(System.getProperty("packaged.folder"));

    @TempDir
    private Path folder;

    @Test
    void cleanseIsWokenByBlobsOfBronzeThroughEventGrid() throws IOException {
        JsonNode function =
                JSON.readTree(packaged.resolve("cleanse/function.json").toFile());

        assertThat(function.get("entryPoint").asText()).isEqualTo("dev.tarn.functions.CleanseFunction.run");
        assertThat(packaged.resolve("cleanse")
                        .resolve(function.get("scriptFile").asText()))
                .exists();
        assertThat(function.get("bindings"))
                .isEqualTo(
                        JSON.readTree(
                                """
                [{"type": "blobTrigger", "direction": "in", "name": "file", "path": "bronze/{name}", "dataType": "binary",
                  "connection": "LakeStorage", "source": "EventGrid"}]"""));
    }

    @Test
    void theHostIsOurs() throws IOException {
        JsonNode host = JSON.readTree(packaged.resolve("host.json").toFile());

        assertThat(host.at("/extensionBundle/version").asText()).isEqualTo("[4.0.0, 5.0.0)");
        assertThat(host.at("/extensions/http/routePrefix").asText("absent")).isEmpty();
    }

    @Test
    void thePackageHoldsTheEngineAndNothingThatDoesNotBelong() throws IOException {
        assertThat(names(packaged.resolve("lib")))
                .anyMatch(jar -> jar.startsWith("dev.tarn.engine-"))
                .anyMatch(jar -> jar.startsWith("org.duckdb.duckdb_jdbc-"))
                .noneMatch(jar -> jar.matches(".*(hadoop|parquet|spark|netty|vertx|mockito|junit|picocli|postgres).*"));
        assertThat(names(packaged)).doesNotContain("local.settings.json");
    }

    @Test
    void theAppStartsAsInAzureAndRunsTheFlowsThatACommitWakes() throws Exception {
        // Given
        Path root = folder.resolve("lake");
        String commit;
        try (Lake lake = lake(root)) {
            OrdersLake orders = new OrdersLake(lake);
            orders.deploy();
            commit = orders.arrive(3);
        }

        // When
        try (FunctionWorker worker = new FunctionWorker(packaged, root, folder.resolve("app"))) {
            worker.invoke("dev.tarn.functions.CleanseFunction", new byte[0], commit);
        }

        // Then
        try (Lake lake = lake(root)) {
            assertThat(new OrdersLake(lake).read(OrdersLake.DOUBLED)).containsExactly(2L, 4L, 6L);
        }
    }

    private Lake lake(Path root) {
        return Lake.open(new LocalStorage(root), DuckDb.open(BUDGET, folder.resolve("workspace")), Clock.systemUTC());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
