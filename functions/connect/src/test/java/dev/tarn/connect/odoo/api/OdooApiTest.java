package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.SecretRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OdooApiTest {

    private static final LoopbackServer.Response BUSY =
            new LoopbackServer.Response(429, Map.of("Content-Type", "text/html", "Retry-After", "7"), new byte[0], -1);
    private static final LoopbackServer.Response DOWN = LoopbackServer.Response.html(502, "<h1>Bad Gateway</h1>");

    @Test
    void odoo19IsAskedByJson2() throws IOException {
        try (Recorded odoo = Recorded.json2(Recorded.file(200, "json2-search-read.json"))) {
            assertThat(odoo.connect().protocol()).isEqualTo("JSON-2");
            assertThat(odoo.ask())
                    .startsWith("[{\"id\":417,\"name\":false")
                    .contains("\"amount_total\":108.68", "[184,\"Ñandú S.A. 141\"]");
            LoopbackServer.Request last = odoo.requests().get(odoo.requests().size() - 1);
            assertThat(last.headers().get("Authorization")).containsExactly("bearer " + Recorded.KEY);
            assertThat(last.headers().get("X-odoo-database")).containsExactly("o19");
        }
    }

    @Test
    void anEarlierOdooIsAskedByJsonRpc() throws IOException {
        try (Recorded odoo = Recorded.jsonRpc(Recorded.file(200, "rpc-search-read.json"))) {
            assertThat(odoo.ask()).startsWith("[{\"id\":417,\"name\":false").contains("\"amount_total\":108.68");
            assertThat(odoo.requests().get(odoo.requests().size() - 1).body())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"call\",\"id\":1,\"params\":{\"service\":\"object\","
                            + "\"method\":\"execute_kw\",\"args\":[\"o19\",2,\"" + Recorded.KEY
                            + "\",\"account.move\",\"search_read\",[[]],{}]}}");
        }
    }

    @Test
    void aPasswordOfOdoo19IsTriedByJsonRpc() throws IOException {
        try (Recorded odoo = new Recorded()
                .on("/web/version", Recorded.file(200, "web-version.json"))
                .on("/json/2/res.users/context_get", Recorded.file(401, "json2-bad-key.json"))
                .on("/jsonrpc", Recorded.file(200, "rpc-authenticate.json"))) {
            OdooApi api = odoo.connect();
            assertThat(api.protocol()).isEqualTo("JSON-RPC");
            assertThat(api.userId()).isEqualTo(2);
            assertThat(api.version()).isEqualTo(new OdooVersion("19.0", 19));
        }
    }

    @ParameterizedTest
    @CsvSource({"17.0, 17", "saas~18.2+e, 18", "19.0-20251101, 19", "14.0, 14", "saas-19.1, 19"})
    void versionsAreUnderstood(String text, int major) {
        assertThat(OdooVersion.parse(text)).contains(new OdooVersion(text, major));
    }

    @Test
    void wrongCredentials() throws IOException {
        try (Recorded odoo = new Recorded()
                .on("/web/version", Recorded.file(200, "web-version.json"))
                .on("/json/2/res.users/context_get", Recorded.file(401, "json2-bad-key.json"))
                .on("/jsonrpc", Recorded.file(200, "rpc-authenticate-wrong-password.json"))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_LOGIN_REFUSED  Source odoo: %s does not let tarn@example.com into database o19.\n"
                                            .formatted(odoo.url())
                                    + "    Correct user and db, and the API key or password in the secret odoo-api-key; API keys"
                                    + " expire.");
        }
    }

    @Test
    void aKeyThatIsTakenAwayMeanwhile() throws IOException {
        String message = "SOURCE_LOGIN_REFUSED  Source odoo: %s does not let tarn@example.com into database o19.\n"
                + "    Correct user and db, and the API key or password in the secret odoo-api-key; API keys expire.";
        try (Recorded odoo = Recorded.json2(Recorded.file(401, "json2-bad-key.json"))) {
            assertThat(odoo.refusal()).isEqualTo(message.formatted(odoo.url()));
        }
        try (Recorded odoo = Recorded.jsonRpc(Recorded.file(200, "rpc-access-denied.json"))) {
            assertThat(odoo.refusal()).isEqualTo(message.formatted(odoo.url()));
        }
    }

    @Test
    void aDatabaseThatIsNotThere() throws IOException {
        try (Recorded odoo = Recorded.json2(Recorded.file(404, "json2-bad-database.html"))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_NOT_ODOO  Source odoo: %s answers with a web page (HTTP 404) instead of data: it has"
                                            .formatted(odoo.url())
                                    + " no database o19, or is not an Odoo.\n    Correct url and db; a proxy in between must let"
                                    + " /json/2 and /jsonrpc pass.");
        }
        try (Recorded odoo = Recorded.jsonRpc(LoopbackServer.Response.json(
                200, Recorded.text("rpc-bad-database.json").replace("nodb", "o19")))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_NOT_ODOO  Source odoo: " + odoo.url() + " has no database o19.\n    Correct db.");
        }
    }

    @Test
    void aWebPageInsteadOfData() throws IOException {
        try (Recorded odoo = Recorded.jsonRpc(LoopbackServer.Response.html(200, "<h1>Please log in</h1>"))) {
            assertThat(odoo.refusal())
                    .isEqualTo("SOURCE_NOT_ODOO  Source odoo: %s answers with a web page (HTTP 200) instead of data.\n"
                                    .formatted(odoo.url())
                            + "    Correct url and db; a proxy in between must let /json/2 and /jsonrpc pass.");
        }
        try (Recorded odoo = new Recorded()) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_NOT_ODOO  Source odoo: %s answers with a web page (HTTP 404) instead of data: it has"
                                            .formatted(odoo.url())
                                    + " no database o19, or is not an Odoo.\n    Correct url and db; a proxy in between must let"
                                    + " /json/2 and /jsonrpc pass.");
        }
    }

    @Test
    void anAnswerThatNoOdooGives() throws IOException {
        try (Recorded odoo = new Recorded()
                .on("/web/version", LoopbackServer.Response.json(200, "{\"version\": \"latest\"}"))
                .on("/jsonrpc", LoopbackServer.Response.json(200, "[]"))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_NOT_ODOO  Source odoo: %s answers the question for its version with something else"
                                            .formatted(odoo.url())
                                    + " than Odoo does.\n    Check that url leads to the Odoo itself; what stands in between must"
                                    + " leave its answers alone.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rpc-none.json", "rpc-authenticate-wrong-password.json", "rpc-authenticate.json"})
    void anAnswerWithoutRecords(String answer) throws IOException {
        try (Recorded odoo = Recorded.jsonRpc(Recorded.file(200, answer))) {
            OdooApi api = odoo.connect();
            assertThatThrownBy(() -> OdooRecords.open(api, "en_US", List.of()))
                    .hasMessage(
                            "SOURCE_NOT_ODOO  Source odoo: %s answers read of res.users with something else than Odoo"
                                            .formatted(odoo.url())
                                    + " does.\n    Check that url leads to the Odoo itself; what stands in between must leave its"
                                    + " answers alone.");
        }
    }

    @Test
    void tracebacksAreNotShown() throws IOException {
        String message = "SOURCE_FAILED  Source odoo: search_read of account.move failed in Odoo with"
                + " builtins.ValueError.\n    Odoo's log tells why; Tarn tries again.";
        try (Recorded odoo = Recorded.json2(Recorded.file(500, "json2-bad-domain.json"))) {
            assertThat(odoo.refusal()).isEqualTo(message);
        }
        try (Recorded odoo = Recorded.jsonRpc(Recorded.file(200, "rpc-unknown-field.json"))) {
            assertThat(odoo.refusal()).isEqualTo(message);
        }
    }

    @Test
    void aFailureWhoseNameIsNoClass() throws IOException {
        try (Recorded odoo = Recorded.json2(LoopbackServer.Response.json(500, "{\"name\": \"<script>Jane Doe\"}"))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_FAILED  Source odoo: search_read of account.move failed in Odoo with an error without"
                                    + " a name.\n    Odoo's log tells why; Tarn tries again.");
        }
    }

    @Test
    void aMissingArgumentIsAFailure() throws IOException {
        try (Recorded odoo = Recorded.json2(Recorded.file(422, "json2-bad-argument.json"))) {
            assertThat(odoo.refusal())
                    .isEqualTo("SOURCE_FAILED  Source odoo: search_read of account.move failed in Odoo with"
                            + " werkzeug.exceptions.UnprocessableEntity.\n    Odoo's log tells why; Tarn tries again.");
        }
    }

    @Test
    void aModelThatTheUserMayNotRead() throws IOException {
        String refused = "{\"name\": \"odoo.exceptions.AccessError\", \"message\": \"You are not allowed to access"
                + " 'Journal Entry' (account.move) records.\", \"arguments\": [], \"context\": {}, \"debug\": \"Traceback\"}";
        String message = "SOURCE_LOGIN_REFUSED  Source odoo: tarn@example.com may not read account.move.\n"
                + "    In Odoo, give tarn@example.com a group that may read account.move, or leave the model out of tables.";
        try (Recorded odoo = Recorded.json2(LoopbackServer.Response.json(403, refused))) {
            assertThat(odoo.refusal()).isEqualTo(message);
        }
        try (Recorded odoo = Recorded.jsonRpc(LoopbackServer.Response.json(
                200, "{\"jsonrpc\": \"2.0\", \"id\": 1, \"error\": {\"code\": 0, \"data\": " + refused + "}}"))) {
            assertThat(odoo.refusal()).isEqualTo(message);
        }
    }

    @Test
    void tooManyRequestsAreRepeatedWhenTheServerSaysSo() throws IOException {
        try (Recorded odoo = Recorded.json2(BUSY, BUSY, Recorded.file(200, "json2-search-read.json"))) {
            assertThat(odoo.ask()).startsWith("[{\"id\":417");
            assertThat(odoo.clock.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
        }
    }

    @Test
    void aServerThatStaysBusy() throws IOException {
        try (Recorded odoo = Recorded.json2(BUSY)) {
            assertThat(odoo.refusal())
                    .isEqualTo("SOURCE_BUSY  Source odoo: %s gets too many requests (HTTP 429), also at attempt 6.\n"
                                    .formatted(odoo.url())
                            + "    Raise every of the source, or ask who runs the server for more; Tarn tries again.");
            assertThat(odoo.clock.pauses()).hasSize(5);
        }
    }

    @Test
    void aPauseThatIsLongerThanTheWholeLook() throws IOException {
        try (Recorded odoo = Recorded.json2(new LoopbackServer.Response(
                429,
                Map.of("Content-Type", "text/html", "Retry-After", "Sun, 22 Nov 2026 13:00:00 GMT"),
                new byte[0],
                -1))) {
            assertThat(odoo.refusal())
                    .isEqualTo("SOURCE_BUSY  Source odoo: %s gets too many requests (HTTP 429).\n".formatted(odoo.url())
                            + "    Raise every of the source, or ask who runs the server for more; Tarn tries again.");
            assertThat(odoo.clock.pauses()).isEmpty();
        }
    }

    @Test
    void aServerThatIsDownForAMoment() throws IOException {
        try (Recorded odoo = Recorded.jsonRpc(DOWN, DOWN, DOWN, Recorded.file(200, "rpc-search-read.json"))) {
            assertThat(odoo.ask()).startsWith("[{\"id\":417");
            assertThat(odoo.clock.pauses())
                    .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        }
    }

    @Test
    void aServerThatStaysDown() throws IOException {
        try (Recorded odoo = Recorded.json2(DOWN)) {
            assertThat(odoo.refusal())
                    .isEqualTo("SOURCE_UNREACHABLE  Source odoo: %s answers HTTP 502, also at attempt 6.\n"
                                    .formatted(odoo.url())
                            + "    Check that the server runs and that url is right; Tarn tries again.");
        }
    }

    @Test
    void nobodyListens() throws IOException {
        Recorded odoo = new Recorded();
        odoo.close();
        assertThat(odoo.refusal())
                .isEqualTo(
                        "SOURCE_UNREACHABLE  Source odoo: %s cannot be reached: nothing accepts connections there, also"
                                        .formatted(odoo.url())
                                + " at attempt 6.\n    Check that the server runs and that url is right; Tarn tries again.");
    }

    @Test
    void anAnswerThatBreaksOff() throws IOException {
        byte[] half = Recorded.text("json2-search-read.json").substring(0, 300).getBytes(StandardCharsets.UTF_8);
        try (Recorded odoo = Recorded.json2(
                new LoopbackServer.Response(200, Map.of("Content-Type", "application/json"), half, -1))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_UNREACHABLE  Source odoo: %s answers with JSON that breaks off or is none, also at"
                                            .formatted(odoo.url())
                                    + " attempt 6.\n    Check that the server runs and that url is right; Tarn tries again.");
        }
        try (Recorded odoo = Recorded.json2(
                new LoopbackServer.Response(200, Map.of("Content-Type", "application/json"), half, 876))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_UNREACHABLE  Source odoo: %s cannot be reached: the connection broke off, also at"
                                            .formatted(odoo.url())
                                    + " attempt 6.\n    Check that the server runs and that url is right; Tarn tries again.");
        }
    }

    @Test
    void aBrokenAnswerIsAskedForAgain() throws IOException {
        try (Recorded odoo = Recorded.json2(
                LoopbackServer.Response.json(200, "[{\"id\": 4"), Recorded.file(200, "json2-search-read.json"))) {
            assertThat(odoo.ask()).startsWith("[{\"id\":417");
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        try (Recorded odoo = Recorded.json2(redirect("https://other.example.com/json/2/account.move/search_read"))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "CONFIGURATION_INVALID  Source odoo: %s sends requests on to https://other.example.com, and"
                                            .formatted(odoo.url())
                                    + " the key is not sent after them.\n    If that is the Odoo, write url:"
                                    + " https://other.example.com.");
        }
        try (Recorded odoo = Recorded.json2(redirect("/web/login"))) {
            assertThat(odoo.refusal())
                    .isEqualTo("CONFIGURATION_INVALID  Source odoo: %s sends requests on to another page instead of"
                                    .formatted(odoo.url())
                            + " answering them.\n    Correct url; a proxy in between must let /json/2 and /jsonrpc pass"
                            + " without a login page.");
        }
    }

    private static LoopbackServer.Response redirect(String location) {
        return new LoopbackServer.Response(
                303, Map.of("Location", location, "Content-Type", "text/html"), new byte[0], -1);
    }

    @Test
    void anAnswerThatIsTooLong() throws IOException {
        try (Recorded odoo = Recorded.json2(LoopbackServer.Response.json(200, "[\"" + "x".repeat(1 << 21) + "\"]"))) {
            assertThat(odoo.refusal())
                    .isEqualTo(
                            "SOURCE_UNREACHABLE  Source odoo: %s answers with more bytes than one answer may have, also at"
                                            .formatted(odoo.url())
                                    + " attempt 6.\n    Check that the server runs and that url is right; Tarn tries again.");
        }
    }

    @Test
    void aServerThatDoesNotAnswer() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        TestClock clock = new TestClock();
        Patience little = new Patience(2, Duration.ofMinutes(3), Duration.ofMillis(200), 1 << 20, clock, clock);
        try (LoopbackServer silent = LoopbackServer.start(request -> {
            await(end);
            return LoopbackServer.Response.json(200, "{}");
        })) {
            ApiLogin login = new ApiLogin(
                    "odoo", null, silent.url(), "o19", "tarn", new SecretRef("odoo-api-key"), Recorded.KEY);
            assertThatThrownBy(() -> OdooApi.connect(login, little))
                    .hasMessage("SOURCE_UNREACHABLE  Source odoo: " + silent.url()
                            + " does not answer in time, also at attempt 2.\n    Check that the server runs and that url is"
                            + " right; Tarn tries again.");
            end.countDown();
        }
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSingleRecordThatIsTooLong() throws IOException {
        try (Recorded odoo = Recorded.json2(LoopbackServer.Response.html(413, ""))) {
            OdooApi api = odoo.connect();
            odoo.on(
                            "/json/2/res.users/read",
                            LoopbackServer.Response.json(
                                    200, "[{\"id\": 2, \"login\": \"tarn@example.com\", \"company_ids\": [1]}]"))
                    .on(
                            "/json/2/res.lang/search_read",
                            LoopbackServer.Response.json(200, "[{\"id\": 1, \"code\": \"en_US\"}]"));
            OdooRecords records = OdooRecords.open(api, "en_US", List.of());
            ModelPages pages = new ModelPages(
                    records, "account.move", List.of("name"), false, PagePlace.start(null, Instant.EPOCH));

            assertThatThrownBy(pages::next)
                    .hasMessage(
                            "SOURCE_BUSY  Source odoo: %s finds the request too large (HTTP 413) when asked for a single"
                                            .formatted(odoo.url())
                                    + " row of account.move.\n    Add large fields of account.move to exclude; Tarn tries again.");
            assertThat(odoo.requests())
                    .extracting(LoopbackServer.Request::body)
                    .filteredOn(body -> body.contains("\"limit\":1,"))
                    .hasSize(1);
        }
    }
}
