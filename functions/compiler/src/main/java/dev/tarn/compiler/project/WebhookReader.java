package dev.tarn.compiler.project;

import dev.tarn.model.WebhookSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads those files of {@code sources/} whose sources send events. */
public final class WebhookReader {

    private static final String TYPE = "webhook";

    private final Problems problems;

    public WebhookReader(Problems problems) {
        this.problems = problems;
    }

    /** Whether the file is for this reader. */
    static boolean isOne(YamlMap yaml) {
        return yaml.has("type") && yaml.text("type").equals(Optional.of(TYPE));
    }

    /** Every source without a problem; the others' problems are noted. */
    public List<WebhookSource> readAll(ProjectFiles files) {
        List<WebhookSource> sources = new ArrayList<>();
        for (String path : files.list(SourceReader.FOLDER, ".yml")) {
            files.find(path)
                    .flatMap(file -> YamlMap.of(file, problems))
                    .filter(WebhookReader::isOne)
                    .flatMap(WebhookReader::read)
                    .ifPresent(sources::add);
        }
        return sources;
    }

    private static Optional<WebhookSource> read(YamlMap yaml) {
        yaml.allow("source", "type", "endpoints");
        Optional<String> name = yaml.required("source").filter(text -> !text.isBlank());
        List<YamlMap> maps = yaml.maps("endpoints");
        if (yaml.has("endpoints") && maps.isEmpty()) {
            yaml.invalid("endpoints", "A source of type webhook needs an endpoint.", "Write - name: events below it.");
        }
        List<WebhookSource.Endpoint> endpoints = maps.stream()
                .flatMap(map -> new EndpointReader(map).read().stream())
                .toList();
        return name.map(found -> new WebhookSource(found, endpoints, yaml.position()));
    }
}
