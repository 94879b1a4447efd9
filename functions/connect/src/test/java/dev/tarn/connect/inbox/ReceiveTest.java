package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiveTest {

    private static final String KEPT = "; nothing was kept.";

    private final Endpoints orders = Endpoints.named("orders").eventId("$.id");

    @TempDir
    Path folder;

    private OpenInbox inbox;

    @BeforeEach
    void open() {
        inbox = OpenInbox.in(folder);
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    private String answer(WebhookRequest request) throws IOException {
        return inbox.answer(orders, request);
    }

    private static String refused(int status, String code, String what, String mend) {
        return status + " {\"status\":\"refused\",\"code\":\"" + code + "\",\"what\":\"" + what + "\",\"mend\":\""
                + mend + "\"}";
    }

    private static String invalid(String what, String mend) {
        return refused(422, "WEBHOOK_INVALID", what, mend + KEPT);
    }

    private void nothingIsKept() throws IOException {
        assertThat(inbox.waiting(orders)).isZero();
        assertThat(inbox.inbox().bytesTaken()).isZero();
    }

    @Test
    void anEventIsAcceptedWithItsIdAndThenKnown() throws IOException {
        assertThat(answer(Sender.json("orders", "{\"id\":7}")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":[\"7\"]}");
        assertThat(answer(Sender.json("orders", "{\"id\":7}")))
                .isEqualTo("200 {\"status\":\"repeated\",\"event_ids\":[\"7\"]}");
        assertThat(inbox.waiting(orders)).isEqualTo(1);
        assertThat(inbox.inbox().bytesTaken()).isZero();
    }

    @Test
    void anEventWithoutTheIdIsNamedByItsContent() throws IOException {
        assertThat(answer(Sender.json("orders", "{\"id\":null}")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":"
                        + "[\"sha256:d91e0a5a3e1a0a7ab7d54d5ec0c2a8d1e5a1a1d6f7c9df1c2d0a8ab1d8d3a0f1\"]}"
                                .replaceAll(
                                        "sha256:[0-9a-f]+",
                                        "sha256:"
                                                + new SentEvent("{\"id\":null}".getBytes(UTF_8), Map.of(), Map.of())
                                                        .content()));
    }

    @Test
    void aBatchIsSplitAndOneLineOfNdjsonIsOneEvent() throws IOException {
        assertThat(answer(Sender.json("orders", " [ {\"id\":1} ,\n {\"id\":2} ] ")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":[\"1\",\"2\"]}");
        assertThat(answer(
                        Sender.json("orders", "{\"id\":3}\n\n{\"id\":4}\r\n", "Content-Type", "application/x-ndjson")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":[\"3\",\"4\"]}");
        assertThat(answer(Sender.json("orders", "[]"))).isEqualTo("200 {\"status\":\"repeated\",\"event_ids\":[]}");
    }

    @Test
    void anIdMayHaveSeveralParts() throws IOException {
        Endpoints composed = Endpoints.named("changes").eventId("$.table", "$.record.id", "header:x-part");

        assertThat(inbox.answer(
                        composed, Sender.json("changes", "{\"table\":\"a|b\",\"record\":{\"id\":7}}", "X-Part", "p")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":[\"a\\\\|b|7|p\"]}");
    }

    @Test
    void theIdOfAHeaderNamesEveryEventOfABatchByItsPlace() throws IOException {
        Endpoints byHeader = Endpoints.named("keyed").eventId("header:idempotency-key");

        assertThat(inbox.answer(byHeader, Sender.json("keyed", "[{\"a\":1},{\"a\":2}]", "Idempotency-Key", "k")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":[\"k|0\",\"k|1\"]}");
        assertThat(inbox.answer(byHeader, Sender.json("keyed", "{\"a\":1}", "Idempotency-Key", "k")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":[\"k\"]}");
    }

    @Test
    void anUnknownEndpointIsSaidToBeNone() throws IOException {
        String none = refused(
                404,
                "WEBHOOK_UNKNOWN",
                "There is no such endpoint.",
                "Correct the address, or deploy the project that has the endpoint" + KEPT);
        for (String name : List.of("unknown", "../orders", "orders/", "orders%2f", "ORDERS", "")) {
            assertThat(answer(Sender.json(name, "{\"id\":1}"))).as(name).isEqualTo(none);
        }
        nothingIsKept();
    }

    @Test
    void aStrangerIsRefusedWithoutAHint() throws IOException {
        String stranger = refused(
                401,
                "WEBHOOK_UNAUTHORIZED",
                "The sender of this request is not known.",
                "Send what the endpoint's auth asks for" + KEPT);
        WebhookRequest none = new WebhookRequest(
                "orders", Map.of("content-type", List.of("application/json")), InputStreams.of("{}"));
        WebhookRequest twice = new WebhookRequest(
                "orders",
                Map.of("X-Webhook-Secret", List.of(Endpoints.VALUE), "x-webhook-secret", List.of("guess")),
                InputStreams.of("{}"));

        assertThat(answer(none)).isEqualTo(stranger);
        assertThat(answer(twice)).isEqualTo(stranger);
        assertThat(answer(Sender.json("orders", "{}", "x-webhook-secret", "guess")))
                .isEqualTo(stranger);
        assertThat(answer(Sender.json("orders", "{}", "x-webhook-secret", ""))).isEqualTo(stranger);
        assertThat(answer(Sender.json("orders", "{}", "x-webhook-secret", Endpoints.VALUE + "x")))
                .isEqualTo(stranger);
        nothingIsKept();
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedByWhatItSaysAndByWhatItIs() throws IOException {
        Endpoints small = Endpoints.named("orders").maxBody(20);
        String large = refused(
                413,
                "WEBHOOK_TOO_LARGE",
                "The body is larger than 20 bytes.",
                "Send fewer events at once, or raise max_body of the endpoint" + KEPT);

        assertThat(inbox.answer(small, Sender.json("orders", "{}", "Content-Length", "100000000")))
                .isEqualTo(large);
        assertThat(inbox.answer(small, Sender.json("orders", "{\"id\":12345678901234}")))
                .isEqualTo(large);
        assertThat(inbox.answer(small, Sender.json("orders", "{\"id\":1234567890123}")))
                .startsWith("202 ");
    }

    @Test
    void aPackedBodyIsUnpackedAsFarAsTheEndpointAllows() throws IOException {
        byte[] bomb = gzip(new byte[50_000_000]);
        assertThat(bomb.length).isLessThan(100_000);

        assertThat(answer(Sender.bytes("orders", gzip("{\"id\":1}".getBytes(UTF_8)), "Content-Encoding", "gzip")))
                .isEqualTo("202 {\"status\":\"accepted\",\"event_ids\":[\"1\"]}");
        assertThat(answer(Sender.bytes("orders", bomb, "Content-Encoding", "gzip")))
                .isEqualTo(refused(
                        413,
                        "WEBHOOK_TOO_LARGE",
                        "The body is larger than 1000000 bytes.",
                        "Send fewer events at once, or raise max_body of the endpoint" + KEPT));
        assertThat(answer(Sender.json("orders", "{\"id\":1}", "Content-Encoding", "gzip")))
                .isEqualTo(invalid("The body is not packed by gzip.", "Leave Content-Encoding out"));
        assertThat(answer(Sender.json("orders", "{\"id\":1}", "Content-Encoding", "br")))
                .isEqualTo(refused(
                        415,
                        "WEBHOOK_TYPE_UNSUPPORTED",
                        "A body is read plain or packed by gzip.",
                        "Leave Content-Encoding out, or send gzip" + KEPT));
    }

    @Test
    void otherTypesThanThoseThatAreReadAreRefused() throws IOException {
        String unread = refused(
                415,
                "WEBHOOK_TYPE_UNSUPPORTED",
                "A body of this type is not read.",
                "Send application/json, application/x-ndjson or application/x-www-form-urlencoded" + KEPT);

        assertThat(answer(Sender.json("orders", "{}", "Content-Type", "text/plain")))
                .isEqualTo(unread);
        assertThat(answer(Sender.json("orders", "{}", "Content-Type", ""))).isEqualTo(unread);
        assertThat(inbox.answer(orders, Sender.recorded("multipart-1", "orders", true)))
                .isEqualTo(unread);
        assertThat(answer(Sender.json("orders", "{}", "Content-Type", "application/json; charset=iso-8859-1")))
                .isEqualTo(refused(
                        415,
                        "WEBHOOK_TYPE_UNSUPPORTED",
                        "A body is read as UTF-8 only.",
                        "Send charset=utf-8, or no charset" + KEPT));
        nothingIsKept();
        assertThat(answer(
                        Sender.json("orders", "{}", "Content-Type", "application/cloudevents+json; Charset=\"UTF-8\"")))
                .startsWith("202 ");
    }

    @Test
    void whatIsNoJsonIsRefusedWithItsPlace() throws IOException {
        String mend = "Send JSON as RFC 8259 has it";
        assertThat(answer(Sender.json("orders", "{\"id\":1,}")))
                .isEqualTo(invalid("The body is not JSON at line 1, column 9.", mend));
        assertThat(answer(Sender.json("orders", "{\"id\":1,\n  \"a\": secret}")))
                .isEqualTo(invalid("The body is not JSON at line 2, column 15.", mend));
        assertThat(answer(Sender.json("orders", "{\"id\":1} {\"id\":2}")))
                .isEqualTo(invalid("The body is not JSON at line 1, column 10.", mend));
        assertThat(answer(Sender.json("orders", "{\"id\":NaN}"))).startsWith("422 ");
        assertThat(answer(Sender.json("orders", "{\"id\":1"))).startsWith("422 ");
        assertThat(answer(Sender.json("orders", "{\"id\":1}\n{\"id\":", "Content-Type", "application/x-ndjson")))
                .isEqualTo(invalid("The body is not JSON at line 2, column 7.", mend));
        assertThat(answer(Sender.json("orders", " "))).isEqualTo(invalid("The body is empty.", "Send an event"));
        assertThat(answer(Sender.json("orders", "", "Content-Type", "application/x-ndjson")))
                .isEqualTo(invalid("The body is empty.", "Send an event"));
        nothingIsKept();
    }

    @Test
    void whatIsNoObjectIsNoEvent() throws IOException {
        String mend = "Send an object, or a list of objects";
        assertThat(answer(Sender.json("orders", "7")))
                .isEqualTo(invalid("An event is no object, at line 1, column 1.", mend));
        assertThat(answer(Sender.json("orders", "[{\"id\":1},\n 7]")))
                .isEqualTo(invalid("An event is no object, at line 2, column 2.", mend));
        nothingIsKept();
    }

    @Test
    void itemsThatAreNotThereAreMissed() throws IOException {
        Endpoints aggregated = Endpoints.named("orders").items("$.body.data");
        String missed = invalid(
                "The body has no list at $.body.data.", "Send the events there, or correct 'items' of the endpoint");

        assertThat(inbox.answer(aggregated, Sender.json("orders", "{\"body\":{\"data\":{}}}")))
                .isEqualTo(missed);
        assertThat(inbox.answer(aggregated, Sender.json("orders", "[{}]"))).isEqualTo(missed);
        nothingIsKept();
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() throws IOException {
        assertThat(answer(Sender.json("orders", "{\"id\":1,\"a\":{\"b\":1,\"b\":2}}")))
                .isEqualTo(invalid(
                        "An object of the body has one key twice, at line 1, column 23.",
                        "Send each key once: readers differ in which of two they take"));
        nothingIsKept();
    }

    @Test
    void aBodyOfWhichTheHostReplacedBytesIsRefused() throws IOException {
        String replaced = "{\"id\":1,\"name\":\"A\uFFFD\"}";
        String whole = Integer.toString(replaced.getBytes(UTF_8).length);

        assertThat(answer(Sender.json("orders", replaced, "Content-Length", "20")))
                .isEqualTo(invalid("The body is not UTF-8: bytes of it came as the character U+FFFD.", "Send UTF-8"));
        assertThat(answer(Sender.json("orders", replaced, "Content-Length", whole)))
                .startsWith("202 ");
    }

    @Test
    void aKeyWithoutAColumnIsRefusedWhereTheEndpointSaysSo() throws IOException {
        orders.eventId("$.order.id", "header:x-attempt")
                .column(new Column("amount", DataType.Simple.INT))
                .failing();

        assertThat(answer(Sender.json("orders", "[{\"order\":{\"id\":1,\"new\":2}},\n{\"amount\":1,\"note\":2}]")))
                .isEqualTo(invalid(
                        "An event has a key that the endpoint has no column for, at line 2, column 13.",
                        "Leave it out, or declare the column or schema: rescue for the endpoint"));
        nothingIsKept();
        assertThat(answer(Sender.json("orders", "{\"order\":{\"id\":1,\"new\":2},\"amount\":\"much\"}")))
                .startsWith("202 ");
    }

    @Test
    void charactersThatNoTextCanHoldAreRefusedWithTheirPlace() throws IOException {
        byte[] wrong = "{\"id\":\"a?b\"}".getBytes(UTF_8);
        wrong[8] = (byte) 0xC3;
        assertThat(answer(Sender.bytes("orders", wrong)))
                .isEqualTo(invalid("The body is not UTF-8 at line 1, column 9.", "Send UTF-8"));
        byte[] overlong = "{\"id\":\"a??b\"}".getBytes(UTF_8);
        overlong[8] = (byte) 0xC0;
        overlong[9] = (byte) 0x80;
        assertThat(answer(Sender.bytes("orders", overlong)))
                .isEqualTo(invalid("The body is not UTF-8 at line 1, column 9.", "Send UTF-8"));
        String nul = "Leave it out: databases behind the lake cannot keep it";
        assertThat(answer(Sender.bytes("orders", "{\"id\":\"a\0b\"}".getBytes(UTF_8))))
                .isEqualTo(invalid("The body holds the character NUL at line 1, column 9.", nul));
        assertThat(answer(Sender.json("orders", "{\"id\":1,\n\"a\":\"x\\u0000\"}")))
                .isEqualTo(invalid("The body holds the character NUL at line 2, column 5.", nul));
        String half = "Send whole characters: no UTF-8 can hold a half";
        assertThat(answer(Sender.json("orders", "{\"id\":1,\"a\":[\"\\ud83d\"]}")))
                .isEqualTo(invalid("The body holds half of a surrogate pair at line 1, column 14.", half));
        assertThat(answer(Sender.json("orders", "{\"id\":1,\"\\udc00\":1}")))
                .isEqualTo(invalid("The body holds half of a surrogate pair at line 1, column 9.", half));
        nothingIsKept();
        assertThat(answer(Sender.json("orders", "{\"id\":1,\"a\":\"\\ud83d\\ude00\"}")))
                .startsWith("202 ");
    }

    @Test
    void whatIsNestedTooDeeplyOrTooLongIsRefused() throws IOException {
        assertThat(answer(Sender.json("orders", "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}")))
                .isEqualTo(invalid(
                        "The body is nested deeper than 64 levels at line 1, column 70.", "Send flatter events"));
        assertThat(answer(Sender.json("orders", "{\"a\":" + "1".repeat(1001) + "}")))
                .isEqualTo(invalid(
                        "The body holds a number of more than 1000 characters at line 1, column 1007.",
                        "Send it as a text"));
        assertThat(answer(Sender.json("orders", "{\"id\":\"" + "x".repeat(501) + "\"}")))
                .isEqualTo(invalid("The id of an event is longer than 500 characters.", "Send a shorter one"));
        nothingIsKept();
    }

    @Test
    void formsAreRefusedWhereTheyAreNone() throws IOException {
        String form = "application/x-www-form-urlencoded";
        assertThat(answer(Sender.json("orders", "id=1&id=2", "Content-Type", form)))
                .isEqualTo(invalid("A field of the form occurs twice.", "Send each field once, or send JSON"));
        assertThat(answer(Sender.json("orders", "id=%zz", "Content-Type", form)))
                .isEqualTo(invalid("The body is no form: a character is encoded wrongly.", "Encode it as UTF-8"));
        assertThat(answer(Sender.json("orders", "", "Content-Type", form)))
                .isEqualTo(invalid("The body is empty.", "Send an event"));
        nothingIsKept();
    }

    @Test
    void whoComesTooOftenIsToldWhenToComeAgain() throws IOException {
        Endpoints slow = Endpoints.named("orders").perMinute(2);
        inbox.receive(slow, Sender.json("orders", "{\"id\":1}"));
        inbox.receive(slow, Sender.json("orders", "{\"id\":2}"));

        Receipt third = inbox.receive(slow, Sender.json("orders", "{\"id\":3}"));

        assertThat(third.status() + " " + ReceiptJson.of(third))
                .isEqualTo(refused(
                        429,
                        "WEBHOOK_TOO_OFTEN",
                        "More than 2 requests came within a minute.",
                        "Wait as Retry-After says, and send several events at once."));
        assertThat(((Receipt.Refused) third).retryAfter()).isBetween(seconds(25), seconds(31));
    }

    private static java.time.Duration seconds(int seconds) {
        return java.time.Duration.ofSeconds(seconds);
    }

    @Test
    void anotherContentUnderAnIdIsRefusedWhereTheProjectSaysSo() throws IOException {
        Endpoints strict = Endpoints.named("orders").eventId("$.id").refusingConflicts();
        String conflict = refused(
                409,
                "WEBHOOK_CONFLICT",
                "An event of the request has the id of an earlier one and other content.",
                "Send it with an id of its own; nothing of this request was kept.");
        inbox.receive(strict, Sender.json("orders", "{\"id\":1,\"a\":1}"));

        assertThat(inbox.answer(strict, Sender.json("orders", "[{\"id\":2},{\"id\":1,\"a\":2}]")))
                .isEqualTo(conflict);
        try (OpenInbox other = OpenInbox.in(folder)) {
            assertThat(other.answer(strict, Sender.json("orders", "{\"id\":1,\"a\":2}")))
                    .isEqualTo(conflict);
            assertThat(other.answer(strict, Sender.json("orders", "{\"id\":1,\"a\":1}")))
                    .startsWith("202 ");
        }
        assertThat(inbox.waiting(strict)).isEqualTo(2);
        assertThat(inbox.drain(strict)).extracting(Drained::events).containsExactly(1L);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
