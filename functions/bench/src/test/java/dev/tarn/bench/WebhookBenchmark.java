package dev.tarn.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.azurite.Azurite;
import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.InboxLimits;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.local.page.StatusPage;
import dev.tarn.local.page.WebhookDoor;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Acknowledged requests of 250 clients that send 1 KB each, in one process with their server: through the door of
 * {@code tarn up}, and, through the same server of the JDK, with a file for each request. Beside them how many files one
 * writer makes one after another, all on a folder and on Azurite.
 */
final class WebhookBenchmark {

    private static final int CLIENTS = 250;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration RUN = Duration.ofSeconds(10);
    private static final String SECRET = "secret-of-the-bench";

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    WebhookBenchmark(Path folder) {
        this.folder = folder.resolve("webhook");
    }

    void run() throws IOException, InterruptedException {
        Child.delete(folder);
        Files.createDirectories(folder);
        out.printf(
                Locale.ROOT,
                "%d clients and their server in one process, 1 KB, keep-alive, %d s after %d s; %d processors, heap %d MiB%n%n",
                CLIENTS,
                RUN.toSeconds(),
                WARM_UP.toSeconds(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20);
        out.println("| storage | way | acknowledged/s | p50 ms | p99 ms | other answers | heap MiB after |");
        out.println("|---|---|---|---|---|---|---|");
        measure("folder", new LocalStorage(folder.resolve("lake")));
        Optional<String> missing = Azurite.missing();
        if (missing.isPresent()) {
            out.println(missing.get());
        } else {
            measure(
                    "Azurite",
                    AzureBlobStorage.open(AzureAddress.parse(Azurite.shared().newLake())));
        }
        Child.delete(folder);
    }

    private void measure(String name, Storage storage) throws IOException, InterruptedException {
        double shared = inbox(name, storage);
        double single = oneFileEach(name, storage);
        double sequential = sequential(storage);
        out.printf(Locale.ROOT, "| %s | one writer, one file after another | %.0f | | | | |%n", name, sequential);
        out.printf(
                Locale.ROOT,
                "%nOn %s the inbox acknowledges %.1f times as many as with a file for each, %.1f times as one writer makes files.%n%n",
                name,
                shared / single,
                shared / sequential);
    }

    private double inbox(String name, Storage storage) throws InterruptedException {
        SourcePosition here = new SourcePosition("sources/bench.yml", 1, 1);
        WebhookSource.Endpoint endpoint = WebhookSource.Endpoint.usual(
                "bench",
                new WebhookAuth.SharedSecret("x-webhook-secret", List.of(new SecretRef("bench"))),
                List.of(new EventIdPart(null, List.of("id"))),
                here);
        AtomicInteger files = new AtomicInteger();
        try (Inbox inbox = new Inbox(
                        storage,
                        Clock.systemUTC(),
                        InboxLimits.usual(),
                        secret -> Optional.of(SECRET),
                        path -> files.incrementAndGet());
                StatusPage page = StatusPage.open(0, () -> {
                    throw new IllegalStateException("nobody asks");
                })) {
            page.open(new WebhookDoor(inbox, List.of(new WebhookSource("bench", List.of(endpoint), here))));
            double rate = report(name, "inbox", page.port());
            out.println(
                    "| | of which files | " + files.get() / (WARM_UP.plus(RUN).toSeconds()) + " | | | | |");
            return rate;
        }
    }

    private double oneFileEach(String name, Storage storage) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CLIENTS);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        server.setExecutor(threads);
        server.createContext("/", exchange -> keep(storage, exchange));
        server.start();
        try {
            return report(name, "a file for each request", server.getAddress().getPort());
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static void keep(Storage storage, HttpExchange exchange) throws IOException {
        try (exchange) {
            storage.put(
                    "tarn/single/" + UUID.randomUUID(),
                    exchange.getRequestBody().readAllBytes());
            byte[] answer = "{}".getBytes(US_ASCII);
            exchange.sendResponseHeaders(202, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private double sequential(Storage storage) throws IOException {
        byte[] content = WebhookClient.body(0).getBytes(US_ASCII);
        int files = 0;
        long end = System.nanoTime() + RUN.dividedBy(2).toNanos();
        while (System.nanoTime() < end) {
            storage.put("tarn/sequential/" + files++, content);
        }
        return files / (RUN.toMillis() / 2e3);
    }

    private double report(String storage, String way, int port) throws InterruptedException {
        WebhookClient clients = new WebhookClient(port, SECRET, CLIENTS);
        clients.run(WARM_UP);
        WebhookClient.Result result = clients.run(RUN);
        long heap = (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
        out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f | %.0f | %.0f | %d | %d |%n",
                storage,
                way,
                result.acknowledged() / (RUN.toMillis() / 1e3),
                result.millis(0.5),
                result.millis(0.99),
                result.others(),
                heap);
        return result.acknowledged() / (RUN.toMillis() / 1e3);
    }
}
