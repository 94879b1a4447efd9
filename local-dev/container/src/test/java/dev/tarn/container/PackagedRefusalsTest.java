package dev.tarn.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a container does not take, and what a closed one takes all the same. */
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackagedRefusalsTest {

    private static final String STRUCTURED = "application/cloudevents+json";

    private ShopLake lake;
    private RunningContainer open;
    private RunningContainer closed;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        lake = new ShopLake(folder.resolve("lake"), folder.resolve("writer"));
        String address = folder.resolve("lake").toUri().toString();
        open = new RunningContainer(
                folder.resolve("open"), Map.of("TARN_LAKE", address, "TARN_FUNCTIONS_OPEN", "true"));
        closed = new RunningContainer(
                folder.resolve("closed"),
                Map.of("TARN_LAKE", address, "TARN_STATUS_KEY", "open sesame", "TARN_SECRET_HOOK", "s3cret"));
    }

    @AfterAll
    void stop() {
        closed.close();
        open.close();
        lake.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "{\"name\":7x", "[]"})
    void aCallWithoutAnObjectIsRefused(String body) throws IOException, InterruptedException {
        assertRefused(
                open.post("/cleanse", body, "Content-Type", "application/json"),
                """
                USAGE  A request for cleanse has no JSON object.
                    Send one as application/json: {"name": "..."} where a file came, what was left for resume, else {}.
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": \"\"}", "{\"name\": null}"})
    void aCallThatNamesNoFileIsRefused(String body) throws IOException, InterruptedException {
        assertRefused(
                open.post("/drain", body, "Content-Type", "application/json"),
                """
                USAGE  A request for drain does not say which file came.
                    Send {"name": "..."} with the path of the file behind its container.
                """);
    }

    @Test
    void aCallThatMixesUpWhatIsInItIsRefused() throws IOException, InterruptedException {
        assertRefused(
                open.post("/resume", "{\"left\": 7}", "Content-Type", "application/json"),
                """
                USAGE  A request has JSON that the function does not take.
                    Send {"name": "..."} where a file came, {"left": [...]} for resume, else {}.
                """);
    }

    @Test
    void nothingIsCalledByLookingAtIt() throws IOException, InterruptedException {
        assertRefused(
                open.get("/sweep"),
                """
                USAGE  A function is called by POST, not by GET.
                    Send a POST.
                """);
    }

    @Test
    void anEventAtAFunctionIsRefused() throws IOException, InterruptedException {
        assertRefused(
                open.post("/sweep", "{}", "Content-Type", "application/json", "ce-id", "a"),
                """
                USAGE  A CloudEvent came to /sweep.
                    Send events to /.
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/cloudevents-batch+json", "text/plain"})
    void whatIsNoEventIsRefused(String mediaType) throws IOException, InterruptedException {
        assertRefused(
                open.post("/", "[]", "Content-Type", mediaType),
                """
                USAGE  A request to / is no CloudEvent.
                    Send one event at a time: as application/cloudevents+json, or with its attributes in headers ce-id,\
                 ce-type, ce-source and ce-specversion.
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"id\": ", "[]"})
    void anEventThatIsNoObjectIsRefused(String body) throws IOException, InterruptedException {
        assertRefused(
                open.post("/", body, "Content-Type", STRUCTURED),
                """
                USAGE  A CloudEvent is no JSON object.
                    Send the event with all its attributes as one JSON object, or its media type as what it is.
                """);
    }

    @Test
    void anEventWithoutItsAttributesIsRefused() throws IOException, InterruptedException {
        String words =
                """
                USAGE  A CloudEvent has no attribute source, specversion.
                    See what sends it: every CloudEvent has these.
                """;
        assertRefused(open.post("/", "{\"id\":\"a\",\"type\":\"t\"}", "Content-Type", STRUCTURED), words);
        assertRefused(open.post("/", "{}", "ce-id", "a", "ce-type", "t"), words);
    }

    @Test
    void anEventOfAnotherVersionIsRefused() throws IOException, InterruptedException {
        assertRefused(
                open.post("/", event("t", "0.3", "", "{}"), "Content-Type", STRUCTURED),
                """
                USAGE  A CloudEvent is not of the version 1.0.
                    Have the sender write CloudEvents 1.0.
                """);
    }

    @Test
    void anEventThatWakesNothingIsRefused() throws IOException, InterruptedException {
        assertRefused(
                open.post("/", event("sweep", "1.0", "", "{}"), "Content-Type", STRUCTURED),
                """
                USAGE  A CloudEvent has a type that wakes nothing here.
                    Send only events of the types Microsoft.Storage.BlobCreated, dev.knative.sources.ping, dev.tarn.left; a\
                 trigger of the broker filters them.
                """);
    }

    @Test
    void anEventWithoutDataIsRefused() throws IOException, InterruptedException {
        assertRefused(
                open.post("/", "", "ce-id", "a", "ce-source", "s", "ce-specversion", "1.0", "ce-type", "dev.tarn.left"),
                """
                USAGE  A CloudEvent has no data.
                    Send its data as application/json.
                """);
    }

    @ParameterizedTest
    @CsvSource({"dev.tarn.left, [7]", "dev.knative.sources.ping, '\"sweep\"'"})
    void anEventWhoseDataIsNoObjectIsRefused(String type, String data) throws IOException, InterruptedException {
        assertRefused(
                open.post("/", event(type, "1.0", "", data), "Content-Type", STRUCTURED),
                """
                USAGE  A CloudEvent of the type %s has data that is no JSON object.
                    Send the data as application/json.
                """
                        .formatted(type));
    }

    @Test
    void aBlobThatTheSubjectDoesNotNameIsRefused() throws IOException, InterruptedException {
        assertRefused(
                open.post(
                        "/",
                        event("Microsoft.Storage.BlobCreated", "1.0", "bronze/orders", "{}"),
                        "Content-Type",
                        STRUCTURED),
                """
                USAGE  A CloudEvent of the type Microsoft.Storage.BlobCreated does not name a blob in its subject.
                    Send the subject as Event Grid does: /blobServices/default/containers/<container>/blobs/<path>.
                """);
    }

    @Test
    void aTickForNobodyIsRefused() throws IOException, InterruptedException {
        assertRefused(
                open.post(
                        "/",
                        event("dev.knative.sources.ping", "1.0", "", "{\"function\":\"cleanse\"}"),
                        "Content-Type",
                        STRUCTURED),
                """
                USAGE  A CloudEvent of the type dev.knative.sources.ping does not say in its data whom the clock calls.
                    Send {"function": "..."} with one of extract, maintain, sweep.
                """);
    }

    @Test
    void nothingLeftIsNoEvent() throws IOException, InterruptedException {
        assertRefused(
                open.post("/", event("dev.tarn.left", "1.0", "", "{\"left\":[]}"), "Content-Type", STRUCTURED),
                """
                USAGE  A CloudEvent of the type dev.tarn.left does not say in its data what was left.
                    Only answers of this container are such events: bring them back as they are.
                """);
    }

    @Test
    void whatIsTooLargeIsRefused() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                open.post("/sweep", " ".repeat((16 << 20) + 1), "Content-Type", "application/json");

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sweep", "/cleanse", "/blobCreated", "/ticked", "/goOn"})
    void aClosedContainerCallsNothing(String path) throws IOException, InterruptedException {
        assertRefused(
                closed.post(path, "{}", "Content-Type", "application/json"),
                """
                USAGE  The functions of this container are closed.
                    Set TARN_FUNCTIONS_OPEN to true where only clocks and events reach the port: whoever does may call them.
                """);
    }

    @Test
    void aClosedContainerHasTheDoorsForEverybody() throws IOException, InterruptedException {
        HttpResponse<String> health = closed.get("/health");

        assertThat(health.body()).isEqualTo("{\"ready\":true,\"plan\":\"0123456789abcdef\"}\n");
        assertThat(closed.get("/status").statusCode()).isEqualTo(401);
        assertThat(closed.get("/status?format=json", "Authorization", "Bearer open sesame")
                        .body())
                .contains("silver.doubled");
        assertThat(closed.post(
                                "/api/webhooks/orders",
                                "{\"id\": \"7\"}",
                                "x-webhook-secret",
                                "s3cret",
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(202);
        assertThat(closed.post("/sql", "SELECT 1").statusCode()).isEqualTo(501);
    }

    @Test
    void whereASenderSaysItIsIsNotBelieved() throws IOException, InterruptedException {
        HttpResponse<String> answer = closed.post(
                "/api/webhooks/elsewhere",
                "{\"id\": \"7\"}",
                "x-webhook-secret",
                "s3cret",
                "Content-Type",
                "application/json",
                "X-Forwarded-For",
                "10.1.2.3");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("WEBHOOK_FORBIDDEN");
    }

    private static String event(String type, String version, String subject, String data) {
        return "{\"id\":\"a\",\"source\":\"s\",\"type\":\"%s\",\"specversion\":\"%s\",\"subject\":\"%s\",\"data\":%s}"
                .formatted(type, version, subject, data);
    }

    private static void assertRefused(HttpResponse<String> answer, String words) {
        assertThat(answer.body()).isEqualTo(words);
        assertThat(answer.statusCode()).isEqualTo(400);
    }
}
