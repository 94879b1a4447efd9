package dev.tarn.connect.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.TestLake;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes on one lake, either of which is killed again and again. Senders repeat what was not acknowledged, and a
 * tenth of what was. {@code -Dtarn.seed=N} repeats a run, {@code -Dtarn.events=N} makes the long one longer.
 */
class KilledProcessesTest {

    private static final int PROCESSES = 2;
    private static final int SENDERS = 16;

    @TempDir
    Path folder;

    private final AtomicReferenceArray<Server> servers = new AtomicReferenceArray<>(PROCESSES);
    private final AtomicInteger repeats = new AtomicInteger();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private record Server(Process process, int port) {}

    @Test
    void bronzeHoldsExactlyWhatWasAcknowledgedEachOnce() throws Exception {
        run(1_000, 3, 300, 900);
    }

    @Test
    @Tag("full")
    void manyEventsToo() throws Exception {
        run(Integer.getInteger("tarn.events", 50_000), Integer.MAX_VALUE, 300, 4_000);
    }

    /** @param kills most of them; between {@code soonest} and {@code latest} milliseconds after one another */
    private void run(int events, int kills, int soonest, int latest) throws Exception {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Random random = new Random(seed);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS + 1);
        try {
            for (int process = 0; process < PROCESSES; process++) {
                servers.set(process, start(process));
            }
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> senders = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                Random own = new Random(seed + sender + 1);
                senders.add(threads.submit(() -> send(next, events, own)));
            }
            Future<Integer> killed = threads.submit(() -> killing(random, kills, soonest, latest, done));
            for (Future<?> sender : senders) {
                sender.get();
            }
            done.set(true);
            int times = killed.get();
            for (int process = 0; process < PROCESSES; process++) {
                servers.get(process).process().destroyForcibly().waitFor();
            }

            try (TestLake lake = TestLake.open(folder.resolve("shared"))) {
                OpenInbox.drain(lake, InboxProcess.ORDERS);
                assertThat(
                                lake.query(
                                        "bronze.orders_events",
                                        "SELECT count(*), count(DISTINCT event_id), min(event_id::INT), max(event_id::INT) FROM %s"))
                        .as("seed " + seed + ", " + times + " kills, " + repeats + " repeats")
                        .containsExactly(events + "|" + events + "|0|" + (events - 1));
                assertThat(new InboxFiles(lake.lake().storage(), "orders").all())
                        .isEmpty();
                assertThat(lake.query(
                                "bronze.orders_events",
                                "SELECT count(*) FROM %s WHERE payload <> '{\"id\":' || event_id || '}'"))
                        .containsExactly("0");
            }
            assertThat(times).as("kills").isPositive();
        } finally {
            done.set(true);
            threads.shutdownNow();
            for (int process = 0; process < PROCESSES; process++) {
                if (servers.get(process) != null) {
                    servers.get(process).process().destroyForcibly().waitFor();
                }
            }
        }
    }

    private Void send(AtomicInteger next, int events, Random random) throws Exception {
        for (int id = next.getAndIncrement(); id < events; id = next.getAndIncrement()) {
            untilAcknowledged(id, random);
            if (random.nextInt(10) == 0) {
                untilAcknowledged(random.nextInt(id + 1), random);
                repeats.incrementAndGet();
            }
            if (random.nextInt(50) == 0) {
                refused(id, random);
            }
        }
        return null;
    }

    private void untilAcknowledged(int id, Random random) throws Exception {
        int status = 0;
        while (status != 202 && status != 200) {
            status = post("{\"id\":" + id + "}", random);
        }
    }

    /** What is refused must not be there in the end. */
    private void refused(int id, Random random) throws Exception {
        assertThat(post("{\"id\":" + (id + 1_000_000_000) + ",}", random)).isIn(0, 422, 503);
    }

    private int post(String body, Random random) throws InterruptedException {
        int port = servers.get(random.nextInt(PROCESSES)).port();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"))
                .header("Content-Type", "application/json")
                .header("X-Webhook-Secret", Endpoints.VALUE)
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException killed) {
            return 0;
        }
    }

    private int killing(Random random, int kills, int soonest, int latest, AtomicBoolean done) throws Exception {
        int times = 0;
        while (!done.get() && times < kills) {
            int process = random.nextInt(PROCESSES);
            if (!servers.get(process)
                    .process()
                    .waitFor(soonest + random.nextInt(latest - soonest), TimeUnit.MILLISECONDS)) {
                servers.get(process).process().destroyForcibly().waitFor();
                clear(temporary(process));
                times++;
            }
            servers.set(process, start(process));
        }
        return times;
    }

    private Path temporary(int process) throws IOException {
        return Files.createDirectories(folder.resolve("tmp" + process));
    }

    /** Who is killed leaves DuckDB's library behind, 70 MB. */
    private static void clear(Path folder) throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
    }

    private Server start(int process) throws IOException {
        Path own = folder.resolve("shared");
        Path log = folder.resolve("process" + process + ".log");
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary(process),
                        "-cp",
                        System.getProperty("java.class.path"),
                        InboxProcess.class.getName(),
                        own.toString(),
                        folder.resolve("workspace" + process).toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
        String port = out.readLine();
        if (port == null) {
            throw new IllegalStateException("the process ended: " + Files.readString(log));
        }
        return new Server(started, Integer.parseInt(port));
    }
}
