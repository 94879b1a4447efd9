package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.SecretRef;
import dev.tarn.model.WebhookAuth;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SenderCheckTest {

    private static final byte[] BODY = "{\"id\":1}".getBytes(UTF_8);
    private static final Instant NOW = Instant.ofEpochSecond(1_795_345_008);
    private static final List<SecretRef> REFS = List.of(new SecretRef("new"), new SecretRef("old"));

    private final SenderCheck check = new SenderCheck(List.of("new-secret", "old-secret"));

    private static WebhookAuth.Hmac auth(@Nullable String timestamp, @Nullable Duration tolerance) {
        return new WebhookAuth.Hmac("x-signature", timestamp, tolerance, REFS);
    }

    private static String hmac(String secret, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }

    private static WebhookRequest request(String... headers) {
        return Sender.bytes("orders", BODY, headers);
    }

    private boolean signed(WebhookAuth.Hmac auth, String... headers) {
        return check.signed(auth, request(headers), BODY, NOW);
    }

    private static String timed(String secret, long seconds) throws Exception {
        return "t=" + seconds + ",v1=" + hmac(secret, seconds + ".{\"id\":1}");
    }

    @Test
    void anyOfTwoSecretsSigns() throws Exception {
        long now = NOW.getEpochSecond();
        assertThat(signed(auth(null, null), "x-signature", timed("new-secret", now)))
                .isTrue();
        assertThat(signed(auth(null, null), "x-signature", timed("old-secret", now)))
                .isTrue();
        assertThat(signed(auth(null, null), "x-signature", timed("oldest-secret", now)))
                .isFalse();
        assertThat(signed(
                        auth(null, null),
                        "x-signature",
                        timed("oldest-secret", now) + ", v1=" + hmac("old-secret", now + ".{\"id\":1}") + ",v0=00"))
                .isTrue();
    }

    @Test
    void theBodyAloneMayBeSignedWhereNoTimeIsAskedFor() throws Exception {
        String alone = "sha256=" + hmac("new-secret", "{\"id\":1}");
        assertThat(signed(auth(null, null), "x-signature", alone)).isTrue();
        assertThat(signed(
                        auth(null, null),
                        "x-signature",
                        alone.toUpperCase(Locale.ROOT).replace("SHA256", "sha256")))
                .isTrue();
        assertThat(signed(auth(null, Duration.ofMinutes(5)), "x-signature", alone))
                .isFalse();
        assertThat(signed(auth("x-timestamp", null), "x-signature", alone)).isFalse();
    }

    @Test
    void theTimeMayStandInAHeaderOfItsOwn() throws Exception {
        String seconds = Long.toString(NOW.getEpochSecond());
        String both = "sha256=" + hmac("new-secret", seconds + ".{\"id\":1}");
        assertThat(signed(auth("x-timestamp", null), "x-signature", both, "x-timestamp", seconds))
                .isTrue();
        assertThat(signed(auth("x-timestamp", null), "x-signature", both, "x-timestamp", "1795345009"))
                .isFalse();
        assertThat(signed(auth("x-timestamp", null), "x-signature", both, "x-timestamp", "soon"))
                .isFalse();
    }

    @Test
    void signaturesOfThePastAndOfTheFutureAreRefused() throws Exception {
        long now = NOW.getEpochSecond();
        assertThat(signed(auth(null, null), "x-signature", timed("new-secret", now - 300)))
                .isTrue();
        assertThat(signed(auth(null, null), "x-signature", timed("new-secret", now - 301)))
                .isFalse();
        assertThat(signed(auth(null, null), "x-signature", timed("new-secret", now + 300)))
                .isTrue();
        assertThat(signed(auth(null, null), "x-signature", timed("new-secret", now + 301)))
                .isFalse();
        assertThat(signed(auth(null, Duration.ofSeconds(10)), "x-signature", timed("new-secret", now - 11)))
                .isFalse();
    }

    @Test
    void whatIsNoSignatureIsRefused() throws Exception {
        String right = timed("new-secret", NOW.getEpochSecond());
        for (String wrong : List.of(
                "",
                "sha256=",
                "sha256=zz",
                "v1=" + right.substring(right.indexOf("v1=") + 3),
                "t=1795345008",
                right.replace("v1", "v2"),
                right + ",t=1795345008",
                right.substring(0, right.length() - 1),
                "t=1795345008999999999999," + right.substring(right.indexOf("v1=")),
                "v0=1,".repeat(20) + right)) {
            assertThat(signed(auth(null, null), "x-signature", wrong)).as(wrong).isFalse();
        }
        assertThat(signed(auth(null, null))).isFalse();
        assertThat(check.signed(
                        auth(null, null),
                        new WebhookRequest("orders", Map.of("x-signature", List.of(right, right)), InputStreams.of("")),
                        BODY,
                        NOW))
                .as("two headers")
                .isFalse();
        assertThat(check.signed(auth(null, null), request("x-signature", right), "{\"id\":2}".getBytes(UTF_8), NOW))
                .as("another body")
                .isFalse();
    }

    /** No measure of single calls: that the work is the same wherever a guess goes wrong. */
    @Test
    void howNearAGuessIsDoesNotShowInTheTimeItTakes() {
        String secret = "a".repeat(200_000);
        SenderCheck slow = new SenderCheck(List.of(secret));
        WebhookAuth.SharedSecret auth = new WebhookAuth.SharedSecret("x-webhook-secret", List.of(new SecretRef("new")));
        WebhookRequest early = request("x-webhook-secret", "b" + secret.substring(1));
        WebhookRequest late = request("x-webhook-secret", secret.substring(1) + "b");
        time(slow, auth, early);
        time(slow, auth, late);
        long earlyNanos = Long.MAX_VALUE;
        long lateNanos = Long.MAX_VALUE;
        for (int round = 0; round < 30; round++) {
            earlyNanos = Math.min(earlyNanos, time(slow, auth, early));
            lateNanos = Math.min(lateNanos, time(slow, auth, late));
        }
        assertThat((double) lateNanos / earlyNanos).isBetween(0.5, 2.0);
    }

    /** Were the second secret left out once the first lets in, a call would take half as long. */
    @Test
    void whichOfTwoSecretsLetsInDoesNotShowInTheTimeItTakes() {
        String first = "a".repeat(200_000);
        String second = "b".repeat(200_000);
        SenderCheck both = new SenderCheck(List.of(first, second));
        WebhookAuth.SharedSecret auth = new WebhookAuth.SharedSecret("x-webhook-secret", REFS);
        List<WebhookRequest> requests = Stream.of(first, second, "c".repeat(200_000))
                .map(secret -> request("x-webhook-secret", secret))
                .toList();
        long[] nanos = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
        for (int round = 0; round < 60; round++) {
            int which = round % nanos.length;
            long began = System.nanoTime();
            assertThat(both.knows(auth, requests.get(which))).isEqualTo(which < 2);
            nanos[which] = Math.min(nanos[which], System.nanoTime() - began);
        }
        assertThat((double) nanos[1] / nanos[0]).isBetween(0.75, 1.33);
        assertThat((double) nanos[2] / nanos[0]).isBetween(0.75, 1.33);
    }

    private static long time(SenderCheck check, WebhookAuth.SharedSecret auth, WebhookRequest request) {
        long began = System.nanoTime();
        assertThat(check.knows(auth, request)).isFalse();
        return System.nanoTime() - began;
    }
}
