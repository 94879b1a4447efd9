package dev.tarn.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tarn.functions.TarnConfig;
import io.quarkus.funqy.Funq;
import io.quarkus.funqy.knative.events.CloudEventMapping;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the image and the manifests say, against the code: nobody here runs Docker or Knative. */
class ManifestsTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path KNATIVE = Path.of("knative");

    @Test
    void everySettingIsSetAndNoOther() throws IOException {
        Set<String> settings = Stream.concat(
                        settings(TarnConfig.class, "TARN_"), settings(ContainerConfig.class, "TARN_FUNCTIONS_"))
                .collect(Collectors.toCollection(TreeSet::new));
        // A managed identity is Azure's.
        settings.remove("TARN_IDENTITY");
        List<String> secrets = new ArrayList<>();
        documents("secret.yaml").get(0).get("stringData").fieldNames().forEachRemaining(secrets::add);
        secrets.removeIf(name -> name.startsWith("TARN_SECRET_"));

        for (JsonNode service : services()) {
            assertThat(Stream.concat(secrets.stream(), texts(container(service).get("env"), "name")))
                    .containsExactlyInAnyOrderElementsOf(settings);
        }
    }

    private static Stream<String> settings(Class<?> config, String prefix) {
        return Arrays.stream(config.getDeclaredMethods())
                .map(method ->
                        prefix + method.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT));
    }

    @Test
    void onlyTheServiceWhoseFunctionsAreOpenIsHiddenFromOutside() throws IOException {
        for (JsonNode service : services()) {
            boolean open = environment(service, "TARN_FUNCTIONS_OPEN").equals("true");
            String visibility = service.at("/metadata/labels")
                    .path("networking.knative.dev/visibility")
                    .asText("public");
            assertThat(visibility).isEqualTo(open ? "cluster-local" : "public");
        }
        assertThat(services().stream().map(service -> environment(service, "TARN_FUNCTIONS_OPEN")))
                .containsExactly("true", "false");
    }

    @Test
    void imageAndManifestsAgree() throws IOException {
        List<String> image = Files.readAllLines(Path.of("Dockerfile"));
        String port = only(image, "EXPOSE ");
        String user = only(image, "USER ").replaceAll(":.*", "");
        String work = only(image, "VOLUME ");

        assertThat(image).contains("ENV PORT=" + port, "ENV TARN_WORKSPACE=" + work, "WORKDIR " + work);
        assertThat(only(image, "ENTRYPOINT ")).contains("\"-Djava.io.tmpdir=" + work + "\"");
        for (JsonNode service : services()) {
            JsonNode container = container(service);
            assertThat(container.at("/ports/0/containerPort").asText()).isEqualTo(port);
            assertThat(container.at("/securityContext/runAsUser").asText()).isEqualTo(user);
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/volumeMounts/0/mountPath").asText()).isEqualTo(work);
            assertThat(environment(service, "TARN_WORKSPACE")).isEqualTo(work);
        }
    }

    @Test
    void theImageIsMadeOfWhatTheBuildMakes() throws IOException {
        List<String> copied = Files.readAllLines(Path.of("Dockerfile")).stream()
                .filter(line -> line.startsWith("COPY "))
                .map(line -> line.split(" ")[1].replace("target/quarkus-app/", ""))
                .toList();

        assertThat(copied).containsExactlyInAnyOrder("lib/", "quarkus-run.jar", "quarkus/", "app/");
    }

    @Test
    void clocksCallFunctionsThatTicksMayCall() throws IOException {
        List<String> called = new ArrayList<>();
        for (JsonNode clock : events("PingSource")) {
            called.add(YAML.readTree(clock.at("/spec/data").asText())
                    .path("function")
                    .asText());
            assertThat(clock.at("/spec/contentType").asText()).isEqualTo("application/json");
            assertThat(clock.at("/spec/sink/ref/name").asText())
                    .isEqualTo(events("Broker").get(0).at("/metadata/name").asText());
        }

        assertThat(called).containsExactlyInAnyOrder("extract", "sweep", "maintain");
        assertThat(called).isSubsetOf(functions());
    }

    @Test
    void triggersAreForTheEventsThatTheContainerTakes() throws IOException {
        Set<String> types = Arrays.stream(Events.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Funq.class))
                .map(method -> method.getAnnotation(CloudEventMapping.class).trigger())
                .collect(Collectors.toSet());

        assertThat(events("Trigger").stream().map(trigger -> trigger.at("/spec/filter/attributes/type")
                        .asText()))
                .containsExactlyInAnyOrderElementsOf(types);
        assertThat(events("Trigger").stream()
                        .map(trigger -> trigger.at("/spec/subscriber/ref/name").asText()))
                .containsOnly(services().get(0).at("/metadata/name").asText());
    }

    private static Set<String> functions() {
        return Arrays.stream(Functions.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Funq.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    @Test
    void everyFunctionOfTheAppCanBeReached() throws IOException {
        String reference = Files.readString(Path.of("../../docs/reference/configuration.md"));
        Set<String> documented = reference
                .lines()
                .dropWhile(line -> !line.startsWith("| function | woken by"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(line -> Arrays.stream(line.split("\\|")[1].split(",")))
                .map(name -> name.replace("`", "").strip())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).contains("cleanse", "webhook");
        documented.removeAll(Set.of("health", "status", "webhook", "sql"));

        assertThat(functions()).containsExactlyInAnyOrderElementsOf(documented);
    }

    private static List<JsonNode> services() throws IOException {
        return documents("services.yaml");
    }

    private static List<JsonNode> events(String kind) throws IOException {
        return documents("events.yaml").stream()
                .filter(document -> document.get("kind").asText().equals(kind))
                .toList();
    }

    private static List<JsonNode> documents(String file) throws IOException {
        return YAML.readerFor(JsonNode.class)
                .<JsonNode>readValues(KNATIVE.resolve(file).toFile())
                .readAll();
    }

    private static JsonNode container(JsonNode service) {
        return service.at("/spec/template/spec/containers/0");
    }

    private static String environment(JsonNode service, String name) {
        for (JsonNode setting : container(service).get("env")) {
            if (setting.get("name").asText().equals(name)) {
                return setting.get("value").asText();
            }
        }
        throw new IllegalStateException(name + " is not set");
    }

    private static Stream<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(entry -> texts.add(entry.get(field).asText()));
        return texts.stream();
    }

    private static String only(List<String> lines, String instruction) {
        List<String> found =
                lines.stream().filter(line -> line.startsWith(instruction)).toList();
        assertThat(found).as(instruction).hasSize(1);
        return found.get(0).substring(instruction.length());
    }
}
