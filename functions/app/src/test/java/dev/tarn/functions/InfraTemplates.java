package dev.tarn.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What stands in {@code infra-bicep}, parsed. Texts and names look alike in it: the parser drops the quotes. */
final class InfraTemplates {

    static final Path FOLDER = Path.of(System.getProperty("infra.folder"));

    private final JsonNode files;

    private InfraTemplates(JsonNode files) {
        this.files = files;
    }

    static InfraTemplates parsed() throws IOException, InterruptedException {
        InfraTools.Said said = InfraTools.installed().parse(FOLDER);
        if (said.exit() != 0) {
            throw new AssertionError(said.err());
        }
        return new InfraTemplates(new ObjectMapper().readTree(said.out()));
    }

    Set<String> paths() {
        return names(files);
    }

    String text(String path) throws IOException {
        return Files.readString(FOLDER.resolve(path));
    }

    Set<String> parameters(String path) {
        return names(files.path(path).path("parameters"));
    }

    Set<String> requiredParameters(String path) {
        Set<String> required = new TreeSet<>();
        files.path(path).path("parameters").properties().forEach(parameter -> {
            if (parameter.getValue().path("default").isNull()) {
                required.add(parameter.getKey());
            }
        });
        return required;
    }

    Set<String> variables(String path) {
        return names(files.path(path).path("variables"));
    }

    JsonNode variable(String path, String name) {
        return files.path(path).path("variables").path(name).path("value");
    }

    Set<String> outputs(String path) {
        return names(files.path(path).path("outputs"));
    }

    /** The modules that a template uses, by their names in it. */
    Map<String, Module> modules(String path) {
        Map<String, Module> modules = new LinkedHashMap<>();
        files.path(path).path("modules").properties().forEach(module -> {
            JsonNode config = body(module.getValue().path("config"));
            modules.put(
                    module.getKey(),
                    new Module(module.getValue().path("detail").path("path").asText(), names(config.path("params"))));
        });
        return modules;
    }

    /** The body of a resource, without its loop or condition. */
    JsonNode resource(String path, String name) {
        return body(files.path(path).path("resources").path(name).path("config"));
    }

    private static JsonNode body(JsonNode config) {
        return config.has("config") ? body(config.path("config")) : config;
    }

    /** A module and the parameters that it is given. */
    record Module(String path, Set<String> given) {}

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }
}
