package dev.tarn.connect.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.SecretRef;
import dev.tarn.model.WebhookAuth;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real n8n sent. */
class RecordedRequestsTest {

    /** Long enough for recordings of two requests that n8n signed one second apart. */
    private static final Clock THEN = Clock.fixed(Instant.ofEpochSecond(1_795_345_008), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void theyAreEachInBronzeOnceHoweverTheyCome() throws Exception {
        Endpoints plain = Endpoints.named("plain")
                .eventId("$.id")
                .column(new Column("amount", new DataType.Decimal(18, 2)))
                .column(new Column("when", DataType.Simple.TIMESTAMP))
                .column(new Column("nested", DataType.Simple.STRING));
        Endpoints aggregate = Endpoints.named("aggregate").eventId("$.id").items("$.data");
        Endpoints form = Endpoints.named("form").eventId("$.id");
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (OpenInbox one = OpenInbox.in(folder);
                OpenInbox two = OpenInbox.in(folder)) {
            List<Callable<Integer>> sends = new ArrayList<>();
            for (int times = 0; times < 3; times++) {
                OpenInbox to = times == 1 ? two : one;
                for (int item = 1; item <= 3; item++) {
                    String file = "-" + item;
                    sends.add(() -> to.receive(plain, Sender.recorded("plain" + file, "plain", true))
                            .status());
                    sends.add(() -> to.receive(form, Sender.recorded("form" + file, "form", true))
                            .status());
                }
                sends.add(() -> to.receive(aggregate, Sender.recorded("aggregate-1", "aggregate", true))
                        .status());
            }
            Collections.shuffle(sends, random);

            for (Future<Integer> status : threads.invokeAll(sends)) {
                assertThat(status.get()).as("seed " + seed).isIn(200, 202);
            }
            for (Endpoints endpoint : List.of(plain, aggregate, form)) {
                one.drain(endpoint);
            }

            assertEachIsThereOnce(one);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertEachIsThereOnce(OpenInbox inbox) {
        List<String> bodies =
                List.of(Sender.recordedBody("plain-1"), Sender.recordedBody("plain-2"), Sender.recordedBody("plain-3"));
        assertThat(inbox.lake().query("bronze.plain_events", "SELECT payload FROM %s ORDER BY event_id"))
                .isEqualTo(bodies);
        assertThat(inbox.lake().query("bronze.aggregate_events", "SELECT payload FROM %s ORDER BY event_id"))
                .isEqualTo(bodies);
        assertThat(
                        inbox.lake()
                                .query(
                                        "bronze.plain_events",
                                        "SELECT event_id, amount, \"when\" AT TIME ZONE 'UTC', nested FROM %s ORDER BY event_id"))
                .containsExactly(
                        "1|12.50|2026-01-01 10:00:00|{\"a\":[1,\"x\"]}",
                        "2|25.00|2026-01-02 10:00:00|{\"a\":[1,\"x\"]}",
                        "3|37.50|2026-01-03 10:00:00|{\"a\":[1,\"x\"]}");
        assertThat(inbox.lake().query("bronze.form_events", "SELECT payload FROM %s ORDER BY event_id"))
                .containsExactly(
                        "{\"id\":\"1\",\"name\":\"Nørrebro #1\"}",
                        "{\"id\":\"2\",\"name\":\"Nørrebro #2\"}",
                        "{\"id\":\"3\",\"name\":\"Nørrebro #3\"}");
    }

    @Test
    void whatItsCryptoNodeSignedIsKnown() throws Exception {
        SecretRef key = new SecretRef("n8n-key");
        Endpoints signed = Endpoints.named("hmac")
                .eventId("$.id")
                .auth(new WebhookAuth.Hmac("x-signature", null, null, List.of(key)));
        try (OpenInbox inbox = OpenInbox.in(folder, THEN, Map.of(key, "topsecret"))) {
            for (int item = 1; item <= 3; item++) {
                assertThat(inbox.receive(signed, Sender.recorded("hmac-" + item, "hmac", false))
                                .status())
                        .isEqualTo(202);
            }
            assertThat(inbox.receive(signed, Sender.recorded("hmac-1", "hmac", false))
                            .status())
                    .as("a signature that is sent again brings nothing new")
                    .isEqualTo(200);
        }
        try (OpenInbox later = OpenInbox.in(folder, Clock.systemUTC(), Map.of(key, "topsecret"))) {
            assertThat(later.receive(signed, Sender.recorded("hmac-1", "hmac", false))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void theKeyOfItsOwnWebhookIsNotKept() throws Exception {
        Endpoints passedOn = Endpoints.named("passed").eventId("header:idempotency-key");
        try (OpenInbox inbox = OpenInbox.in(folder)) {
            assertThat(inbox.receive(passedOn, Sender.recorded("from-webhook-1", "passed", true)))
                    .isInstanceOfSatisfying(Receipt.Accepted.class, accepted -> assertThat(accepted.eventIds())
                            .containsExactly("13-0"));

            inbox.drain(passedOn);

            assertThat(inbox.lake().query("bronze.passed_events", "SELECT payload FROM %s"))
                    .containsExactly(Sender.recordedBody("from-webhook-1").replace("s3cr3t", "[redacted]"));
        }
    }
}
