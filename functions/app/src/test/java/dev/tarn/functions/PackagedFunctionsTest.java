package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.Operation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the folder that is deployed tells the host. */
@Tag("packaged")
class PackagedFunctionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a function with a deadline does not get done. */
    private static final String LEFT =
            """
            {"type": "queue", "direction": "out", "name": "left", "queueName": "tarn-units", "connection": "LakeStorage"}""";

    private final Path packaged = Path.of(System.getProperty("packaged.folder"));

    @ParameterizedTest
    @CsvSource({
        "cleanse, CleanseFunction, bronze, true",
        "aggregate, AggregateFunction, silver, true",
        "publish, PublishFunction, gold, true",
        "fileArrived, FileArrivedFunction, landing, true",
        "drain, DrainFunction, tarn/inbox, false"
    })
    void blobsWakeThroughEventGrid(String function, String type, String container, boolean leaves) throws IOException {
        assertDeclared(
                function,
                type,
                """
                [{"type": "blobTrigger", "direction": "in", "name": "file", "path": "%s/{name}", "dataType": "binary",
                  "connection": "LakeStorage", "source": "EventGrid"}%s]"""
                        .formatted(container, leaves ? "," + LEFT : ""));
    }

    @ParameterizedTest
    @CsvSource({
        "extract, ExtractFunction, ExtractSchedule",
        "sweep, SweepFunction, SweepSchedule",
        "maintain, MaintainFunction, MaintainSchedule"
    })
    void clocksTickAsSettingsSay(String function, String type, String setting) throws IOException {
        assertDeclared(
                function,
                type,
                """
                [{"type": "timerTrigger", "direction": "in", "name": "tick", "schedule": "%%%s%%"}, %s]"""
                        .formatted(setting, LEFT));
    }

    @Test
    void workThatWasLeftGoesOnByMessages() throws IOException {
        assertDeclared(
                "resume",
                "ResumeFunction",
                """
                [{"type": "queueTrigger", "direction": "in", "name": "message", "queueName": "tarn-units",
                  "connection": "LakeStorage"}, %s,
                 {"type": "queue", "direction": "out", "name": "poison", "queueName": "tarn-poison",
                  "connection": "LakeStorage"}]"""
                        .formatted(LEFT));
    }

    @ParameterizedTest
    @CsvSource({
        "health, HealthFunction, GET, health", "status, StatusFunction, GET, status",
        "sql, SqlFunction, POST, sql", "webhook, WebhookFunction, POST, api/webhooks/{source}"
    })
    void requestsComeWithoutAKeyOfTheHostOnRoutesOfOurs(String function, String type, String method, String route)
            throws IOException {
        assertDeclared(
                function,
                type,
                """
                [{"type": "httpTrigger", "direction": "in", "name": "request", "methods": ["%s"], "authLevel": "ANONYMOUS",
                  "route": "%s"}, {"type": "http", "direction": "out", "name": "$return"}]"""
                        .formatted(method, route));
    }

    private void assertDeclared(String name, String type, String bindings) throws IOException {
        JsonNode function = FunctionHost.functions(packaged).get(name);

        assertThat(function.get("entryPoint").asText()).isEqualTo("dev.tarn.functions." + type + ".run");
        assertThat(packaged.resolve(name).resolve(function.get("scriptFile").asText()))
                .exists();
        assertThat(function.get("bindings")).isEqualTo(JSON.readTree(bindings));
    }

    @Test
    void theHostIsOurs() throws IOException {
        JsonNode host = JSON.readTree(packaged.resolve("host.json").toFile());

        assertThat(host.at("/extensionBundle/version").asText()).isEqualTo("[4.0.0, 5.0.0)");
        assertThat(host.at("/functionTimeout").asText()).isEqualTo("00:10:00");
        assertThat(host.at("/extensions/blobs/poisonBlobThreshold").asInt()).isEqualTo(5);
        assertThat(host.at("/extensions/http/routePrefix").asText("absent")).isEmpty();
        JsonNode queues = host.at("/extensions/queues");
        assertThat(queues.get("batchSize").asInt()).isEqualTo(2);
        assertThat(queues.get("visibilityTimeout").asText()).isEqualTo("00:00:30");
        // A message of ours is to be given up by us, who know the reason.
        assertThat(queues.get("maxDequeueCount").asInt()).isGreaterThan(Operation.ATTEMPTS + 1);
    }
}
