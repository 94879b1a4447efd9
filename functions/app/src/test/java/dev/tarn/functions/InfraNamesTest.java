package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Names that the code and the templates must agree on, both ways. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfraNamesTest {

    /** What Flex Consumption refuses or ignores; the first two make a deployment fail. */
    private static final List<String> REFUSED = List.of(
            "FUNCTIONS_WORKER_RUNTIME",
            "FUNCTIONS_EXTENSION_VERSION",
            "FUNCTIONS_WORKER_RUNTIME_VERSION",
            "FUNCTIONS_WORKER_PROCESS_COUNT",
            "FUNCTIONS_MAX_HTTP_CONCURRENCY",
            "SCM_DO_BUILD_DURING_DEPLOYMENT",
            "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
            "WEBSITE_CONTENTOVERVNET",
            "WEBSITE_CONTENTSHARE",
            "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
            "WEBSITE_RUN_FROM_PACKAGE",
            "WEBSITE_VNET_ROUTE_ALL");

    private static final Pattern SECRET = Pattern.compile("TARN_SECRET_\\$\\{(.*)}");

    private InfraTemplates templates;
    private InfraCode code;

    @BeforeAll
    void read() throws IOException, InterruptedException, ReflectiveOperationException {
        templates = InfraTemplates.parsed();
        code = InfraCode.compiled();
    }

    @Test
    void everyFunctionThatBlobsWakeHasASubscriptionForItsContainer() {
        assertThat(code.woken()).isNotEmpty();
        assertThat(subscriptions()).containsAllEntriesOf(code.woken());
        assertThat(code.sources()).containsExactly("EventGrid");
    }

    @Test
    void noSubscriptionIsForAFunctionThatTheAppDoesNotHave() {
        assumeAllFunctionsAreThere();
        assertThat(subscriptions()).isEqualTo(code.woken());
    }

    @Test
    void theAlertsWatchFunctionsThatTheAppHas() {
        assumeAllFunctionsAreThere();
        assertThat(InfraTemplates.texts(templates.variable("modules/alerts.bicep", "watched")))
                .isNotEmpty()
                .isSubsetOf(code.functions());
    }

    @Test
    void theLakeHasTheContainersOfTheFunctions() {
        assertThat(InfraTemplates.texts(templates.variable("modules/storage.bicep", "containers")))
                .containsAll(code.woken().values())
                .containsAll(subscriptions().values());
    }

    @Test
    void theLakeHasTheQueuesOfTheCodeAndTheHostsOwn() {
        Set<String> queues = new TreeSet<>(code.queues());
        assertThat(queues).containsExactly("tarn-poison", "tarn-units");
        queues.add("webjobs-blobtrigger-poison");
        // Where the host puts what it could not hand over.
        queues.add("tarn-units-poison");

        assertThat(InfraTemplates.texts(templates.variable("modules/storage.bicep", "queues")))
                .containsExactlyInAnyOrderElementsOf(queues);
    }

    @Test
    void everySettingOfTheCodeIsSet() {
        assertThat(InfraCode.configured()).contains("TARN_LAKE", "TARN_IDENTITY");
        assertThat(settings()).containsAll(InfraCode.configured()).containsAll(code.schedules());
    }

    @Test
    void noSettingIsForCodeThatDoesNotReadIt() throws IOException {
        assumeAllFunctionsAreThere();
        assertThat(settings().stream().filter(name -> name.startsWith("TARN_"))).isSubsetOf(InfraCode.settings());
        assertThat(settings().stream().filter(name -> name.endsWith("Schedule")))
                .containsExactlyInAnyOrderElementsOf(code.schedules());
    }

    @Test
    void everyConnectionIsEnteredByIdentityAndHasBlobsAndQueues() {
        assertThat(code.connections()).isNotEmpty();
        Stream.concat(Stream.of("AzureWebJobsStorage"), code.connections().stream())
                .forEach(connection -> assertThat(settings())
                        .contains(
                                connection + "__blobServiceUri",
                                connection + "__queueServiceUri",
                                connection + "__credential",
                                connection + "__clientId")
                        .doesNotContain(connection));
        Set<String> entered = new TreeSet<>(code.connections());
        entered.add("AzureWebJobsStorage");
        assertThat(settings().stream()
                        .filter(name -> name.contains("Storage__"))
                        .map(name -> name.substring(0, name.indexOf("__"))))
                .isSubsetOf(entered);
    }

    @Test
    void noSettingIsOneThatFlexConsumptionRefuses() {
        assertThat(settings()).isNotEmpty().doesNotContainAnyElementsOf(REFUSED);
    }

    @Test
    void secretsAreNamedAsTheProjectReadsThem() {
        String expression = templates
                .variable("modules/app.bicep", "secrets")
                .at("/function/parameters/arg_2/detail/expression")
                .asText();
        Matcher secret = SECRET.matcher(expression);

        assertThat(secret.matches()).as(expression).isTrue();
        assertThat(secret.group(1)).isEqualTo("toUpper(replace(secret, '-', '_'))");
    }

    private Map<String, String> subscriptions() {
        Map<String, String> subscriptions = new TreeMap<>();
        for (JsonNode subscription : templates.variable("events.bicep", "subscriptions")) {
            subscriptions.put(
                    subscription.path("function").asText(),
                    subscription.path("container").asText());
        }
        return subscriptions;
    }

    private Set<String> settings() {
        Set<String> settings = new TreeSet<>(InfraTemplates.names(templates.variable("modules/app.bicep", "settings")));
        settings.addAll(InfraTemplates.names(templates.variable("modules/app.bicep", "tuning")));
        return settings;
    }

    /** The templates describe the whole app, whose functions come one by one: with this one all are there. */
    private void assumeAllFunctionsAreThere() {
        assumeTrue(code.functions().contains("health"), "the app has not all of its functions yet");
    }
}
