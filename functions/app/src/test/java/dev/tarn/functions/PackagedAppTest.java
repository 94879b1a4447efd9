package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judges the folder that is deployed. */
@Tag("packaged")
class PackagedAppTest {

    private static final Budget BUDGET = new Budget(128L << 20, 128L << 20, 128L << 20, 128L << 20, 128L << 20, 1);

    private final Path packaged = Path.of(System.getProperty("packaged.folder"));
    private final Path zip = packaged.resolveSibling(packaged.getFileName() + ".zip");

    @TempDir
    private Path folder;

    @Test
    void thePackageHoldsTheEngineAndNothingThatDoesNotBelong() throws IOException {
        assertThat(names(packaged.resolve("lib")))
                .anyMatch(jar -> jar.startsWith("dev.tarn.engine-"))
                .anyMatch(jar -> jar.startsWith("dev.tarn.connect-"))
                .anyMatch(jar -> jar.startsWith("org.postgresql.postgresql-"))
                .anyMatch(jar -> jar.startsWith("org.duckdb.duckdb_jdbc-"))
                .anyMatch(jar -> jar.startsWith("com.azure.azure-storage-blob-"))
                .noneMatch(
                        jar -> jar.matches(
                                ".*(hadoop|parquet|spark|netty|vertx|mockito|junit|picocli|zonky|compiler|local-dev|azurite|asm-).*"));
    }

    @Test
    void duckDbsLibraryLiesBesideItsJarForThePlatformOfTheInstances() throws IOException {
        Path lib = packaged.resolve("lib");
        assertThat(names(lib).stream().filter(file -> !file.endsWith(".jar")))
                .containsExactly("libduckdb_java.so_linux_amd64");
        String jar = names(lib).stream()
                .filter(file -> file.startsWith("org.duckdb."))
                .findFirst()
                .orElseThrow();
        try (ZipFile classes = new ZipFile(lib.resolve(jar).toFile())) {
            assertThat(classes.stream().map(ZipEntry::getName))
                    .contains("org/duckdb/DuckDBDriver.class", "META-INF/services/java.sql.Driver")
                    .noneMatch(entry -> entry.contains("libduckdb"));
        }
    }

    @Test
    void theZipIsThePackageWithoutSettingsOfADevelopersMachine() throws IOException {
        try (ZipFile archive = new ZipFile(zip.toFile());
                Stream<Path> files = Files.walk(packaged)) {
            assertThat(archive.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName))
                    .containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile)
                            .map(file -> packaged.relativize(file).toString())
                            .toList())
                    .contains("host.json", "cleanse/function.json")
                    .doesNotContain("local.settings.json");
        }
        System.out.printf(Locale.ROOT, "The zip to deploy: %.1f MB%n", Files.size(zip) / 1e6);
        assertThat(Files.size(zip)).isLessThan(45_000_000);
    }

    @Test
    void everyFunctionRunsInAWorkerThatHasNothingButTheZip() throws Exception {
        // Given
        Path root = folder.resolve("lake");
        String commit;
        try (Lake lake = lake(root)) {
            OrdersLake orders = new OrdersLake(lake);
            orders.deploy();
            commit = orders.arrive(3);
        }
        Map<String, Map<String, byte[]>> calls = calls(commit);
        Path app = unzip(folder.resolve("app"));
        assertThat(FunctionHost.functions(app).keySet()).isEqualTo(calls.keySet());

        // When
        Map<String, String> answers = new TreeMap<>();
        String log;
        try (FunctionHost host =
                host(app, Map.of("TARN_LAKE", root.toUri().toString(), "TARN_STATUS_KEY", "open sesame"))) {
            for (String function : calls.keySet()) {
                host.load(function);
            }
            for (Map.Entry<String, Map<String, byte[]>> call : calls.entrySet()) {
                answers.put(call.getKey(), host.invoke(call.getKey(), call.getValue()));
            }
            log = host.log();
        }

        // Then
        try (Lake lake = lake(root)) {
            assertThat(new OrdersLake(lake).read(OrdersLake.DOUBLED)).containsExactly(2L, 4L, 6L);
        }
        assertThat(answers.get("health"))
                .matches("200 \\{\"ready\":true,\"plan\":\"0123456789abcdef\",\"version\":\"0[.][0-9].*\","
                        + "\"lake\":\"open\",\"problems\":\\[]}\n");
        assertThat(answers.get("status")).startsWith("200 <!doctype html>").contains("silver.doubled");
        assertThat(answers.get("sql")).isEqualTo("501 " + NotConfigured.SQL);
        assertThat(answers.get("resume"))
                .startsWith("poison {\"v\":1,")
                .contains("\"code\":\"UNIT_INVALID\"")
                .endsWith("\"message\":\"{}\"}\n");
        assertThat(answers.get("webhook")).startsWith("404 {\"status\":\"refused\",\"code\":\"WEBHOOK_UNKNOWN\"");
        assertThat(log)
                .containsPattern(
                        "Tarn 0[.][0-9]+[.].* on Java [0-9.+]+.*: memory [0-9]+ MiB, of which Java's heap [0-9]+ MiB"
                                + " and DuckDB [0-9]+ MiB; disk 640 MiB below .*, of which spill 160 MiB, cache 320 MiB and files being"
                                + " written 160 MiB; [0-9]+ threads")
                .contains("landing/prices.csv belongs to no drop of the plan, so it stays where it is.")
                .doesNotContain("open sesame");
    }

    /** A call of every function. */
    private static Map<String, Map<String, byte[]>> calls(String commit) {
        Map<String, byte[]> file = Map.of("file", new byte[0], "name", commit.getBytes(UTF_8));
        Map<String, byte[]> tick = Map.of("tick", "{}".getBytes(UTF_8));
        Map<String, byte[]> request =
                Map.of("request", new byte[0], "header.authorization", "Bearer open sesame".getBytes(UTF_8));
        Map<String, Map<String, byte[]>> calls = new LinkedHashMap<>();
        calls.put("cleanse", file);
        List.of("aggregate", "publish").forEach(function -> calls.put(function, file));
        calls.put("fileArrived", Map.of("file", new byte[0], "name", "prices.csv".getBytes(UTF_8)));
        List.of("extract", "sweep", "maintain").forEach(function -> calls.put(function, tick));
        calls.put("drain", Map.of("file", new byte[0], "name", "orders/1.ndjson".getBytes(UTF_8)));
        List.of("health", "status", "sql").forEach(function -> calls.put(function, request));
        calls.put("resume", Map.of("message", "{}".getBytes(UTF_8), "DequeueCount", "1".getBytes(UTF_8)));
        calls.put("webhook", Map.of("request", "{}".getBytes(UTF_8), "source", "orders".getBytes(UTF_8)));
        return calls;
    }

    @Test
    void aStartCopiesNoLibraryToTheTemporaryDisk() throws Exception {
        Path root = folder.resolve("lake");
        String commit;
        try (Lake lake = lake(root)) {
            commit = new OrdersLake(lake).arrive(1);
            new OrdersLake(lake).deploy();
        }
        Path temporary = Files.createDirectory(folder.resolve("tmp"));

        try (FunctionHost host =
                host(packaged, Map.of("TARN_LAKE", root.toUri().toString()), "-Djava.io.tmpdir=" + temporary)) {
            host.load("cleanse");
            host.invoke("cleanse", Map.of("file", new byte[0], "name", commit.getBytes(UTF_8)));

            // The workspace; a library would go away only when the process ends.
            assertThat(names(temporary)).containsExactly("tarn");
        }
    }

    @Test
    void aCommitThatNoSinkTakesLoadsNothingOfPostgres() throws Exception {
        Path root = folder.resolve("lake");
        String commit;
        try (Lake lake = lake(root)) {
            commit = new OrdersLake(lake).arrive(1);
            new OrdersLake(lake).deploy();
        }
        Path classes = folder.resolve("classes.log");

        try (FunctionHost host =
                host(packaged, Map.of("TARN_LAKE", root.toUri().toString()), "-Xlog:class+load:file=" + classes)) {
            host.load("cleanse");
            host.invoke("cleanse", Map.of("file", new byte[0], "name", commit.getBytes(UTF_8)));
        }

        assertThat(Files.readString(classes))
                .contains("dev.tarn.connect.trigger.RunningPlan")
                .doesNotContain(" org.postgresql.", " dev.tarn.connect.postgres.", " dev.tarn.connect.odoo.");
    }

    @Test
    void aSecretThatIsMissingIsNamedAtTheStart() throws Exception {
        Path root = folder.resolve("lake");
        try (Lake lake = lake(root)) {
            new OrdersLake(lake).deployWithSink();
        }

        String health;
        String log;
        try (FunctionHost host = host(packaged, Map.of("TARN_LAKE", root.toUri().toString()))) {
            host.load("health");
            health = host.invoke("health", Map.of("request", new byte[0]));
            log = host.logUntil("SECRET_MISSING");
        }

        assertThat(health).startsWith("503 ");
        assertThat(log)
                .contains(
                        """
                        sinks/portal.yml:1:1  SECRET_MISSING  ${secret:portal-url} is not set: the app has no setting \
                        TARN_SECRET_PORTAL_URL.
                            Put the value into the Key Vault as portal-url, make TARN_SECRET_PORTAL_URL a reference to it, \
                        and restart the app.""");
    }

    @Test
    void aLakeInAStorageAccountIsOpenedByThePackage() throws Exception {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        String address = Azurite.shared().newLake();
        Storage storage = AzureBlobStorage.open(AzureAddress.parse(address));
        try (Lake lake = Lake.open(storage, DuckDb.open(BUDGET, folder.resolve("workspace")), Clock.systemUTC())) {
            OrdersLake orders = new OrdersLake(lake);
            orders.deploy();
            String commit = orders.arrive(3);

            try (FunctionHost host = host(packaged, Map.of("TARN_LAKE", address))) {
                host.load("cleanse");
                host.invoke("cleanse", Map.of("file", new byte[0], "name", commit.getBytes(UTF_8)));
                assertThat(host.log()).doesNotContain("AccountKey");
            }

            assertThat(orders.read(OrdersLake.DOUBLED)).containsExactly(2L, 4L, 6L);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            TARN_MEMORY | 300M  | MEMORY_TOO_SMALL  This process may use 300 MiB of memory. Its Java heap may grow to 247 MiB, \
            code and buffers take up to 192 MiB, and DuckDB needs at least 64 MiB.
            TARN_MEMORY | 9000G | MEMORY_TOO_SMALL  This machine or container has
            TARN_DISK   | 8M    | DISK_TOO_SMALL  This process may use 8 MiB of temporary disk, and needs at least 32 MiB to \
            write files and to spill.
            TARN_DISK   | 900T  | DISK_TOO_SMALL  The disk below
            """)
    void aLimitThatIsTooLowIsRefusedBeforeAnythingRuns(String setting, String value, String refusal)
            throws IOException {
        String lake = folder.resolve("lake").toUri().toString();
        Path root = folder.resolve("lake");
        // A heap that is the same on every machine.
        try (FunctionHost host =
                host(packaged, Map.of("TARN_LAKE", lake, setting, value), "-Xmx256m", "-XX:+UseSerialGC")) {
            host.load("cleanse");

            assertThatThrownBy(() -> host.invoke(
                            "cleanse",
                            Map.of(
                                    "file",
                                    new byte[0],
                                    "name",
                                    "orders/_delta_log/00000000000000000001.json".getBytes(UTF_8))))
                    .hasMessageContaining("dev.tarn.model.TarnException: " + refusal);
            assertThat(host.log()).contains("The app cannot work:\n" + refusal);
        }
        assertThat(root).doesNotExist();
    }

    private FunctionHost host(Path app, Map<String, String> settings, String... flags) throws IOException {
        return new FunctionHost(app, Files.createDirectory(folder.resolve("host")), settings, flags);
    }

    private Path unzip(Path target) throws IOException {
        try (ZipFile archive = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : archive.stream().toList()) {
                Path file = target.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    try (InputStream content = archive.getInputStream(entry)) {
                        Files.copy(content, file);
                    }
                }
            }
        }
        return target;
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
