package dev.tarn.local.run;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole lake to which events are sent over HTTP. */
@Timeout(60)
class UpWebhooksTest {

    private static final String SECRET = "s3cr3t-of-orders";

    @TempDir
    Path folder;

    private final Stop stop = new Stop();
    private final Heard heard = new Heard(new LinkedBlockingQueue<>(), new CompletableFuture<>());
    private CompletableFuture<Integer> running;
    private UpListener.Overview overview;

    /** Keeps what it hears of. */
    private record Heard(BlockingQueue<Step> steps, CompletableFuture<UpListener.Overview> opened)
            implements UpListener {
        @Override
        public <T> T during(String what, Supplier<T> work) {
            return work.get();
        }

        @Override
        public void opened(Overview overview) {
            opened.complete(overview);
        }

        @Override
        public void step(Step step) {
            steps.add(step);
        }

        @Override
        public void settled(Settlement settlement) {}

        @Override
        public void mistake(String name, RuntimeException mistake) {
            opened.completeExceptionally(mistake);
        }
    }

    @BeforeEach
    void up() throws Exception {
        writeProject();
        Up up = new Up(
                settings(),
                new LocalStorage(folder.resolve("lake")),
                Map.of("TARN_SECRET_ORDERS", SECRET),
                Clock.systemUTC(),
                heard);
        running = CompletableFuture.supplyAsync(() -> {
            try {
                return up.run(stop);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } catch (RuntimeException e) {
                heard.opened().completeExceptionally(e);
                throw e;
            }
        });
        overview = heard.opened().get();
    }

    private void writeProject() throws IOException {
        write(
                "spark-pipeline.yml",
                """
                name: orders
                storage: file:///tmp/spark
                database: silver
                libraries:
                  - glob: { include: pipelines/** }
                """);
        write(
                "tarn.yml",
                """
                version: 1
                timezone: UTC
                targets:
                  local: { lake: ./.lake, default: true }
                """);
        write(
                "sources/shop.yml",
                """
                source: shop
                type: webhook
                endpoints:
                  - name: orders
                    auth: { header: x-webhook-secret, secrets: [ "${secret:orders}" ] }
                    event_id: $.id
                    columns: { id: INT, amount: "DECIMAL(18,2)" }
                  - name: closed
                    auth: { header: x-webhook-secret, secrets: [ "${secret:absent}" ] }
                """);
        write(
                "pipelines/silver_orders.sql",
                """
                CREATE STREAMING TABLE silver.orders (
                  CONSTRAINT paid EXPECT (amount > 0) ON VIOLATION DROP ROW
                ) AS SELECT id, amount, received_at FROM STREAM(bronze.orders_events)
                """);
    }

    private UpSettings settings() {
        return new UpSettings(
                folder.resolve("project"),
                false,
                Optional.empty(),
                folder.resolve("lake"),
                false,
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.of(0),
                0,
                2L << 30,
                256L << 20,
                Duration.ofSeconds(1),
                Duration.ofMillis(50));
    }

    @AfterEach
    void down() throws Exception {
        stop.request();
        assertThat(running.get()).isZero();
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve("project").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private int port() {
        return overview.page().orElseThrow().getPort();
    }

    private HttpResponse<String> send(String endpoint, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port() + "/api/webhooks/" + endpoint))
                .header("Content-Type", "application/json")
                .header("X-Webhook-Secret", SECRET)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void eventsThatAreSentAreInSilverSoonAfter() throws Exception {
        assertThat(overview.endpoints())
                .containsExactly(
                        "POST http://localhost:" + port() + "/api/webhooks/orders",
                        "closed: closed, as ${secret:absent} is not set");

        HttpResponse<String> answer = send("orders", "[{\"id\":1,\"amount\":12.50},{\"id\":2,\"amount\":0}]");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"status\":\"accepted\",\"event_ids\":[\"1\",\"2\"]}\n");
        assertThat(answer.headers().firstValue("Tarn-Correlation").orElseThrow())
                .matches("inbox/orders/\\d{13}-[0-9a-f]{16}-\\d{6}\\.ndjson");
        assertThat(extracted()).isEqualTo(2);
        assertThat(updated()).isEqualTo(1);
        assertThat(send("orders", "{\"id\":1,\"amount\":12.50}").statusCode()).isEqualTo(200);
    }

    private long extracted() throws InterruptedException {
        Step step = heard.steps().poll(20, TimeUnit.SECONDS);
        while (!(step instanceof Step.Extracted) && step != null) {
            step = heard.steps().poll(20, TimeUnit.SECONDS);
        }
        return ((Step.Extracted) step).rows();
    }

    private long updated() throws InterruptedException {
        Step step = heard.steps().poll(20, TimeUnit.SECONDS);
        while (step != null) {
            if (step instanceof Step.Updated updated
                    && updated.table().equals(TableName.parse("silver.orders"))
                    && updated.stats().rowsWritten() > 0) {
                return updated.stats().rowsWritten();
            }
            step = heard.steps().poll(20, TimeUnit.SECONDS);
        }
        return 0;
    }

    @Test
    void anEndpointWithoutItsSecretAsksToComeAgain() throws Exception {
        HttpResponse<String> answer = send("closed", "{}");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }

    @Test
    void pathsThatLeadElsewhereAndOtherMethodsLeadNowhere() throws Exception {
        String head = "Host: localhost\r\nContent-Type: application/json\r\nX-Webhook-Secret: " + SECRET
                + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        for (String path : List.of("orders/", "../webhooks/orders", "%6frders", "orders%00", "", "orders/../closed")) {
            assertThat(raw("POST /api/webhooks/" + path + " HTTP/1.1\r\n" + head))
                    .as(path)
                    .startsWith("HTTP/1.1 404");
        }
        assertThat(raw("GET /api/webhooks/orders HTTP/1.1\r\n" + head)).startsWith("HTTP/1.1 405");
    }

    @Test
    void aHeaderThatIsThereTwiceIsNobodysSecret() throws Exception {
        assertThat(raw("POST /api/webhooks/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "X-Webhook-Secret: guess\r\nx-webhook-secret: " + SECRET
                        + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
                .startsWith("HTTP/1.1 401");
    }

    /** Sends a request as it is: a client library would not let a test write any. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write(request.getBytes(US_ASCII));
            out.flush();
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
