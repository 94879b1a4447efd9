package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.WebhookAuth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed request that somebody has listened to, and sends again. */
class ReplayedSignatureTest {

    private static final Instant SIGNED = Instant.parse("2026-11-25T08:00:00Z");
    private static final String BODY = "{\"id\":1,\"amount\":12.50}";

    private final Endpoints orders = Endpoints.named("orders")
            .auth(new WebhookAuth.Hmac("x-signature", null, Duration.ofMinutes(2), List.of(Endpoints.SECRET)))
            .eventId("$.id");

    @TempDir
    Path folder;

    private static String signature() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Endpoints.VALUE.getBytes(UTF_8), "HmacSHA256"));
        long seconds = SIGNED.getEpochSecond();
        return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal((seconds + "." + BODY).getBytes(UTF_8)));
    }

    /** The answer of a process that has not heard of the request before. */
    private int send(Duration later, String body) throws Exception {
        Clock clock = Clock.fixed(SIGNED.plus(later), ZoneOffset.UTC);
        try (OpenInbox inbox = OpenInbox.in(folder, clock, Map.of(Endpoints.SECRET, Endpoints.VALUE))) {
            return inbox.receive(orders, Sender.json("orders", body, "X-Signature", signature()))
                    .status();
        }
    }

    private List<String> drained() throws IOException {
        try (OpenInbox inbox = OpenInbox.in(folder)) {
            inbox.drain(orders);
            return inbox.lake().query("bronze.orders_events", "SELECT payload FROM %s ORDER BY ALL");
        }
    }

    @Test
    void withinTheToleranceItIsARepeatAndMakesNoSecondRow() throws Exception {
        assertThat(send(Duration.ZERO, BODY)).isEqualTo(202);
        assertThat(send(Duration.ofSeconds(119), BODY)).isEqualTo(202);

        assertThat(drained()).containsExactly(BODY);
    }

    @Test
    void afterTheToleranceItIsAStrangers() throws Exception {
        assertThat(send(Duration.ofSeconds(121), BODY)).isEqualTo(401);

        assertThat(drained()).isEmpty();
    }

    @Test
    void underAnotherBodyItIsAStrangers() throws Exception {
        assertThat(send(Duration.ZERO, BODY.replace("12", "99"))).isEqualTo(401);

        assertThat(drained()).isEmpty();
    }
}
