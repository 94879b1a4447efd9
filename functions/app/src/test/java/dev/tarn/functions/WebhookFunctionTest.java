package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.tarn.engine.delta.Correlation;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.IpRange;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import dev.tarn.worker.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookFunctionTest {

    private static final SourcePosition HERE = new SourcePosition("sources/n8n.yml", 4, 11);
    private static final TableName EVENTS = TableName.parse("bronze.orders_events");

    @TempDir
    private Path folder;

    private AppLake app;

    @BeforeEach
    void open() {
        app = new AppLake(
                Settings.of(folder.resolve("lake").toUri().toString(), folder.resolve("workspace")),
                Map.of("TARN_SECRET_HOOK", "s3cr3t"));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void deploy() throws IOException {
        deploy(List.of());
    }

    private void deploy(List<IpRange> ipRanges) throws IOException {
        WebhookSource.Endpoint orders = new WebhookSource.Endpoint(
                "orders",
                EVENTS,
                new WebhookAuth.SharedSecret("x-webhook-secret", List.of(new SecretRef("hook"))),
                ipRanges,
                List.of(new EventIdPart(null, List.of("id"))),
                null,
                WebhookSource.SameId.KEEP_AS_CONFLICT,
                Duration.ofDays(7),
                1_000_000,
                1,
                List.of(),
                List.of(),
                WebhookSource.Misfit.RESCUE,
                HERE);
        new PlanStore(app.open().storage())
                .deploy(new Plan(
                        "0123456789abcdef",
                        "orders",
                        ZoneId.of("Asia/Manila"),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(new WebhookSource("n8n", List.of(orders), HERE)),
                        List.of(),
                        Operation.USUAL));
    }

    private HttpResponseMessage send(RunningApp running, String endpoint, String body) {
        Map<String, String> headers = Map.of("X-Webhook-Secret", "s3cr3t", "Content-Type", "application/json");
        return new WebhookFunction(running).run(new Request(HttpMethod.POST, headers, Map.of(), body), endpoint);
    }

    private HttpResponseMessage send(RunningApp running, String forwardedFor, String endpoint, String body) {
        Map<String, String> headers = Map.of(
                "X-Webhook-Secret", "s3cr3t", "Content-Type", "application/json", "X-FORWARDED-FOR", forwardedFor);
        return new WebhookFunction(running).run(new Request(HttpMethod.POST, headers, Map.of(), body), endpoint);
    }

    private List<String> payloads() {
        Lake lake = app.open();
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT payload FROM "
                            + lake.table(EVENTS).snapshot().orElseThrow().scan(session),
                    row -> row.getString(1));
        }
    }

    @Test
    void anEventIsReceivedAndTheFileThatHoldsItBringsItIntoBronze() throws IOException {
        deploy();
        RunningApp running = new RunningApp(app);

        HttpResponseMessage accepted = send(running, "orders", "{\"id\": \"é\"}");
        HttpResponseMessage tooOften = send(running, "orders", "{\"id\": 2}");

        assertThat(accepted.getStatusCode()).isEqualTo(202);
        assertThat(accepted.getHeader("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(accepted.getBody()).isEqualTo("{\"status\":\"accepted\",\"event_ids\":[\"é\"]}\n");
        assertThat(tooOften.getStatusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(tooOften.getHeader("Retry-After"))).isBetween(50, 60);
        String file = app.open().storage().list("tarn/inbox/orders", "").get(0).path();

        new DrainFunction(running).run(new byte[0], file.substring("tarn/inbox/".length()), new Invocation());

        assertThat(payloads()).containsExactly("{\"id\": \"é\"}");
        assertThat(app.open().storage().list("tarn/inbox/orders", "")).isEmpty();
        DeltaTable bronze = app.open().table(EVENTS);
        long newest = bronze.newestVersion().orElseThrow().version();
        byte[] commit = app.open().storage().read(EVENTS.path() + "/_delta_log/%020d.json".formatted(newest));
        assertThat(Correlation.ofCommit(commit)).contains(accepted.getHeader("Tarn-Correlation"));
        assertThat(accepted.getHeader("Tarn-Correlation")).isEqualTo(file.substring("tarn/".length()));
        assertThat(tooOften.getHeader("Tarn-Correlation")).isNull();
    }

    @Test
    void theSendersAddressIsWhatThePlatformSaysAndNotWhatTheSenderSays() throws IOException {
        deploy(List.of(IpRange.tryParse("203.0.113.0/24").orElseThrow()));
        RunningApp running = new RunningApp(app);

        assertThat(send(running, "orders", "{\"id\":1}").getStatusCode()).isEqualTo(403);
        assertThat(send(running, "203.0.113.9, 192.0.2.1:41234", "orders", "{\"id\":1}")
                        .getStatusCode())
                .isEqualTo(403);
        assertThat(send(running, "192.0.2.1, 203.0.113.9:41234", "orders", "{\"id\":1}")
                        .getStatusCode())
                .isEqualTo(202);
    }

    @Test
    void aSweepBringsInWhatNoEventAnnounced() throws IOException {
        deploy();
        RunningApp running = new RunningApp(app);
        send(running, "orders", "{\"id\":1}");

        new SweepFunction(running).run("{}", new Messages(), new Invocation());

        assertThat(payloads()).containsExactly("{\"id\":1}");
    }

    @Test
    void anUnknownEndpointIsAnswered() throws IOException {
        deploy();

        assertThat(send(new RunningApp(app), "other", "{}").getStatusCode()).isEqualTo(404);
    }

    @Test
    void withoutAPlanSendersAreAskedToComeAgain() {
        HttpResponseMessage answer = send(new RunningApp(app), "orders", "{}");

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getHeader("Retry-After")).isEqualTo("30");
        assertThat(answer.getBody())
                .isEqualTo("{\"status\":\"refused\",\"code\":\"INBOX_BUSY\",\"what\":\"Events cannot be received right"
                        + " now.\",\"mend\":\"Send the same request again after the time that Retry-After says; a repeat is"
                        + " harmless.\"}\n");
    }

    @Test
    void aSecretOfAnEndpointThatIsMissingIsNamed() throws IOException {
        deploy();
        try (AppLakeWithoutSecrets other = new AppLakeWithoutSecrets(folder)) {
            assertThat(new RunningApp(other.app()).health().problems())
                    .extracting(problem -> problem.what())
                    .containsExactly("${secret:hook} is not set: the app has no setting TARN_SECRET_HOOK.");
        }
    }

    private record AppLakeWithoutSecrets(AppLake app) implements AutoCloseable {

        AppLakeWithoutSecrets(Path folder) {
            this(new AppLake(
                    Settings.of(folder.resolve("lake").toUri().toString(), folder.resolve("other")), Map.of()));
        }

        @Override
        public void close() {
            app.close();
        }
    }
}
