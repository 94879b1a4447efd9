package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.TableCommitted;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which events reach the app: the filters of the template, judged as Event Grid's schema says they work. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfraEventsTest {

    private static final String BLOBS = "/blobServices/default/containers/";

    private static final Pattern CANARY = Pattern.compile("canary=\"(.*)\\$\\(date ");

    private InfraTemplates templates;

    @BeforeAll
    void parse() throws IOException, InterruptedException {
        templates = InfraTemplates.parsed();
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            true,  cleanse,     bronze/orders/_delta_log/00000000000000000003.json, PutBlob
            true,  cleanse,     bronze/orders/_delta_log/00000000000000000003.json, PutBlockList
            true,  cleanse,     bronze/_canary/_delta_log/20261125080000.json,      PutBlob
            true,  aggregate,   silver/orders/_delta_log/00000000000000000003.json, FlushWithClose
            true,  publish,     gold/revenue/_delta_log/00000000000000000003.json,  PutBlob
            true,  fileArrived, landing/2026/prices.csv,                            PutBlob
            true,  fileArrived, landing/2026/prices.csv,                            SftpCommit
            true,  drain,       tarn/inbox/orders/1795344901292-0a-000001.ndjson,   PutBlob
            false, drain,       tarn/events/1.json,                                 PutBlob
            false, cleanse,     silver/orders/_delta_log/00000000000000000003.json, PutBlob
            false, cleanse,     bronze/orders/part-0001.parquet,                    PutBlob
            false, cleanse,     bronze/orders/_delta_log/_last_checkpoint,          PutBlob
            false, cleanse,     bronze/orders/notes.json,                           PutBlob
            false, cleanse,     bronze/orders/_delta_log/00000000000000000003.json, CreateFile
            false, cleanse,     bronze/orders/_delta_log/00000000000000000003.json, SetBlobMetadata
            false, publish,     tarn/events/1.json,                                 PutBlob
            false, fileArrived, landing/2026/prices.csv,                            CreateFile
            """)
    void aFunctionIsWokenByWhatConcernsIt(boolean woken, String function, String file, String api) {
        assertThat(passes(function, file, api)).isEqualTo(woken);
    }

    @Test
    void noCommitOfATableIsFilteredAway() {
        String commit = "orders/_delta_log/00000000000000000003.json";
        assertThat(TableCommitted.ofFile("bronze/" + commit)).isPresent();
        for (JsonNode subscription : templates.variable("events.bicep", "subscriptions")) {
            String container = subscription.path("container").asText()
                    + "/"
                    + subscription.path("folder").asText();
            assertThat(passes(
                            subscription.path("function").asText(),
                            container.replaceFirst("/$", "") + "/" + commit,
                            "PutBlob"))
                    .as(container)
                    .isTrue();
        }
    }

    @Test
    void theCanaryOfADeploymentIsNoCommitOfATable() throws IOException {
        Matcher canary = CANARY.matcher(templates.text("deploy"));

        assertThat(canary.find()).isTrue();
        String file = "bronze/" + canary.group(1) + "20261125080000.json";
        assertThat(passes("cleanse", file, "PutBlob")).isTrue();
        assertThat(TableCommitted.ofFile(file)).isEmpty();
    }

    /** Azure's limits of a subscription: 25 filters and 25 values in them, each of 512 characters at most. */
    @Test
    void theFiltersAreOnesThatEventGridTakes() {
        List<JsonNode> filters =
                List.of(templates.variable("events.bicep", "complete"), templates.variable("events.bicep", "inLog"));
        int values = 0;
        for (JsonNode filter : filters) {
            assertThat(filter.path("operatorType").asText()).isIn("StringIn", "StringContains");
            assertThat(filter.path("key").asText()).isIn("Subject", "data.api");
            assertThat(filter.path("values")).allMatch(value -> value.asText().length() <= 512);
            values += filter.path("values").size();
        }
        assertThat(values).isBetween(1, 25);
    }

    @Test
    void whatCannotBeDeliveredIsKeptBySomebodyWhoMayWrite() {
        JsonNode properties = templates.resource("events.bicep", "wakes").path("properties");

        assertThat(properties.at("/filter/includedEventTypes/0").asText()).isEqualTo("Microsoft.Storage.BlobCreated");
        // An account without keys takes it from an identity only.
        assertThat(properties.has("deadLetterDestination")).isFalse();
        assertThat(properties
                        .at("/deadLetterWithResourceIdentity/identity/userAssignedIdentity")
                        .asText())
                .isEqualTo("eventsIdentityId");
    }

    private boolean passes(String function, String file, String api) {
        JsonNode subscription = subscription(function);
        String subject = BLOBS + file.replaceFirst("/", "/blobs/");
        boolean commits = subscription.path("commits").asBoolean();
        return subject.startsWith(BLOBS + subscription.path("container").asText() + "/blobs/"
                        + subscription.path("folder").asText())
                && (!commits || subject.endsWith(".json"))
                && matches(templates.variable("events.bicep", "complete"), api)
                && (!commits || matches(templates.variable("events.bicep", "inLog"), subject));
    }

    private JsonNode subscription(String function) {
        for (JsonNode subscription : templates.variable("events.bicep", "subscriptions")) {
            if (subscription.path("function").asText().equals(function)) {
                return subscription;
            }
        }
        throw new AssertionError("no subscription for " + function);
    }

    private static boolean matches(JsonNode filter, String text) {
        String told = text.toLowerCase(Locale.ROOT);
        return InfraTemplates.texts(filter.path("values")).stream()
                .map(value -> value.toLowerCase(Locale.ROOT))
                .anyMatch(value -> filter.path("operatorType").asText().equals("StringIn")
                        ? told.equals(value)
                        : told.contains(value));
    }
}
