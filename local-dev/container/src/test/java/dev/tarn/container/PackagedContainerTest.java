package dev.tarn.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that the image starts, over a lake in a folder, called as Knative and Event Grid call it. */
@Tag("packaged")
class PackagedContainerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BLOB_CREATED = "Microsoft.Storage.BlobCreated";
    private static final String TICK = "dev.knative.sources.ping";

    @TempDir
    private Path folder;

    private ShopLake lake;
    private RunningContainer container;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        lake = new ShopLake(folder.resolve("lake"), folder.resolve("writer"));
        container = new RunningContainer(
                folder.resolve("container"),
                Map.of(
                        "TARN_LAKE", folder.resolve("lake").toUri().toString(),
                        "TARN_FUNCTIONS_OPEN", "true",
                        "TARN_SECRET_HOOK", "s3cret"));
    }

    @AfterEach
    void stop() {
        container.close();
        lake.close();
    }

    @Test
    void eventsTakeACommitFromBronzeToGoldUnderOneId() throws IOException, InterruptedException {
        String bronze = lake.arrive(3, "order-7");

        HttpResponse<String> cleansed =
                binary(BLOB_CREATED, "/blobServices/default/containers/bronze/blobs/" + bronze, "{}");
        HttpResponse<String> aggregated = structured(
                BLOB_CREATED, "/blobServices/default/containers/silver/blobs/" + lake.newest(ShopLake.SILVER));

        assertThat(cleansed.statusCode()).as(cleansed.body()).isEqualTo(204);
        assertThat(aggregated.statusCode()).as(aggregated.body()).isEqualTo(204);
        assertThat(lake.ids(ShopLake.SILVER)).containsExactly(2L, 4L, 6L);
        assertThat(lake.ids(ShopLake.GOLD)).containsExactly(12L);
        assertThat(lake.cause(ShopLake.GOLD)).isEqualTo("order-7");
    }

    @Test
    void anEventThatComesTwiceChangesNothing() throws IOException, InterruptedException {
        String subject = "/blobServices/default/containers/bronze/blobs/" + lake.arrive(3, "order-7");
        binary(BLOB_CREATED, subject, "{}");
        long version = lake.version(ShopLake.SILVER);

        HttpResponse<String> again = binary(BLOB_CREATED, subject, "{}");

        assertThat(again.statusCode()).isEqualTo(204);
        assertThat(lake.version(ShopLake.SILVER)).isEqualTo(version);
    }

    @Test
    void requestsCallTheFunctionsByName() throws IOException, InterruptedException {
        String bronze = lake.arrive(2, "order-8");

        HttpResponse<String> cleansed = call("cleanse", "{\"name\": \"" + bronze + "\"}");
        HttpResponse<String> aggregated = call("aggregate", "{\"name\": \"" + lake.newest(ShopLake.SILVER) + "\"}");
        HttpResponse<String> published = call("publish", "{\"name\": \"" + lake.newest(ShopLake.GOLD) + "\"}");
        HttpResponse<String> dropped = call("fileArrived", "{\"name\": \"bank/may.csv\"}");

        assertThat(Stream.of(cleansed, aggregated, published, dropped)
                        .map(answer -> answer.statusCode() + answer.body()))
                .containsOnly("200{\"left\":[]}");
        assertThat(lake.ids(ShopLake.GOLD)).containsExactly(6L);
    }

    @Test
    void aTickCallsItsFunctionAndTheSweepDoesWhatNoEventAnnounced() throws IOException, InterruptedException {
        lake.arrive(4, "order-9");

        HttpResponse<String> swept = binary(TICK, null, "{\"function\": \"sweep\"}");
        List<HttpResponse<String>> others = List.of(
                binary(TICK, null, "{\"function\": \"extract\"}"),
                binary(TICK, null, "{\"function\": \"maintain\"}"),
                call("extract", "{}"),
                call("sweep", "{}"),
                call("maintain", "{}"));

        assertThat(swept.statusCode()).as(swept.body()).isEqualTo(204);
        assertThat(lake.ids(ShopLake.GOLD)).containsExactly(20L);
        assertThat(others.stream().map(HttpResponse::statusCode)).containsExactly(204, 204, 200, 200, 200);
    }

    @Test
    void whatWasLeftIsDoneOneByOneAndTheRestIsAnsweredAsAnEvent() throws IOException, InterruptedException {
        lake.arrive(1, "order-10");
        String silver = unit("silver.doubled");
        String gold = unit("gold.total");
        String left = JSON.writeValueAsString(Map.of("left", List.of(silver, gold)));

        HttpResponse<String> rest = binary("dev.tarn.left", null, left);
        HttpResponse<String> nothing = binary("dev.tarn.left", null, rest.body());

        assertThat(rest.statusCode()).isEqualTo(200);
        assertThat(rest.headers().firstValue("ce-type")).contains("dev.tarn.left");
        assertThat(JSON.readTree(rest.body()).at("/left/0").asText()).isEqualTo(gold);
        assertThat(JSON.readTree(rest.body()).path("left")).hasSize(1);
        assertThat(nothing.statusCode()).isEqualTo(204);
        assertThat(lake.ids(ShopLake.GOLD)).containsExactly(2L);
    }

    private static String unit(String flow) {
        return "{\"v\":1,\"kind\":\"update\",\"name\":\"" + flow
                + "\",\"attempt\":1,\"correlation\":\"order-10\",\"asked\":\"2026-05-01T08:00:00Z\"}";
    }

    @Test
    void whatIsGivenUpIsInTheLog() throws IOException, InterruptedException {
        HttpResponse<String> answer = call("resume", "{\"left\": [\"{}\"]}");

        assertThat(answer.statusCode() + answer.body()).isEqualTo("200{\"left\":[]}");
        assertThat(container.log())
                .contains("Given up, and no queue keeps it: {")
                .contains("UNIT_INVALID");
    }

    @Test
    void aBlobThatIsNotOfTheLakeWakesNothing() throws IOException, InterruptedException {
        HttpResponse<String> foreign =
                structured(BLOB_CREATED, "/blobServices/default/containers/photos/blobs/cat.jpg");
        HttpResponse<String> plan = structured(BLOB_CREATED, "/blobServices/default/containers/tarn/blobs/plan.json");

        assertThat(foreign.statusCode() + foreign.body()).isEqualTo("204");
        assertThat(plan.statusCode() + plan.body()).isEqualTo("204");
    }

    @Test
    void whatSendersSendIsDurableAndDrained() throws IOException, InterruptedException {
        String[] headers = {"x-webhook-secret", "s3cret", "Content-Type", "application/json"};

        HttpResponse<String> kept =
                container.post("/api/webhooks/orders", "{\"id\": \"7\", \"amount\": 1.50}", headers);
        HttpResponse<String> drained =
                structured(BLOB_CREATED, "/blobServices/default/containers/tarn/blobs/inbox/" + lake.inboxFile());

        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(202);
        assertThat(drained.statusCode()).as(drained.body()).isEqualTo(204);
        assertThat(lake.rows(ShopLake.EVENTS)).isEqualTo(1);
        assertThat(container
                        .post("/api/webhooks/orders", "{}", "x-webhook-secret", "wrong")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void theLibraryOfDuckDbIsOpenedInPlace() throws IOException {
        Path maps = Path.of("/proc/" + container.pid() + "/maps");
        assumeTrue(Files.exists(maps), "the kernel does not tell what a process has opened");

        assertThat(Files.readAllLines(maps).stream()
                        .filter(line -> line.contains("libduckdb_java"))
                        .map(line -> line.replaceAll(".* /", "/"))
                        .collect(Collectors.toSet()))
                .singleElement()
                .asString()
                .startsWith(System.getProperty("packaged.folder"));
    }

    private HttpResponse<String> call(String function, String json) throws IOException, InterruptedException {
        return container.post("/" + function, json, "Content-Type", "application/json");
    }

    private HttpResponse<String> binary(String type, String subject, String data)
            throws IOException, InterruptedException {
        String[] attributes = {
            "Content-Type",
            "application/json",
            "ce-id",
            "a-1",
            "ce-source",
            "/test",
            "ce-specversion",
            "1.0",
            "ce-type",
            type
        };
        return container.post(
                "/",
                data,
                subject == null
                        ? attributes
                        : Stream.concat(Stream.of(attributes), Stream.of("ce-subject", subject))
                                .toArray(String[]::new));
    }

    private HttpResponse<String> structured(String type, String subject) throws IOException, InterruptedException {
        JsonNode event = JSON.createObjectNode()
                .put("id", "a-2")
                .put("source", "/test")
                .put("specversion", "1.0")
                .put("type", type)
                .put("subject", subject)
                .set("data", JSON.createObjectNode().put("api", "PutBlob"));
        return container.post("/", event.toString(), "Content-Type", "application/cloudevents+json; charset=utf-8");
    }
}
