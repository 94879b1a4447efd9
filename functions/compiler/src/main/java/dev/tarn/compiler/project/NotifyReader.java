package dev.tarn.compiler.project;

import dev.tarn.model.AlarmType;
import dev.tarn.model.Nearest;
import dev.tarn.model.Notify;
import dev.tarn.model.SecretRef;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code notify} of {@code tarn.yml}. */
final class NotifyReader {

    private static final List<String> TYPES =
            Stream.of(AlarmType.values()).map(AlarmType::toString).toList();

    private NotifyReader() {}

    /** Where alarms go; empty when something of it is wrong, which is then noted. */
    static Optional<Notify> read(YamlMap yaml) {
        yaml.allow("url", "secret", "on");
        Optional<URI> url = yaml.required("url").flatMap(text -> url(yaml, text));
        Optional<SecretRef> secret = yaml.secret("secret");
        List<String> named = yaml.has("on") ? yaml.texts("on") : TYPES;
        List<AlarmType> on = named.stream()
                .flatMap(name -> type(yaml, name).stream())
                .distinct()
                .toList();
        if (named.isEmpty()) {
            yaml.invalid("on", "'on' names nothing to be told of.", "Write some of them, or leave out on for all.");
        }
        return url.isPresent() && secret.isPresent() && !on.isEmpty()
                ? Optional.of(new Notify(url.get(), secret.get(), on, yaml.position()))
                : Optional.empty();
    }

    private static Optional<AlarmType> type(YamlMap yaml, String name) {
        Optional<AlarmType> type = AlarmType.of(name);
        if (type.isEmpty()) {
            yaml.invalid(
                    "on",
                    "'" + name + "' is nothing that Tarn tells of.",
                    Nearest.sentence(name, TYPES, "Possible: " + String.join(", ", TYPES) + "."));
        }
        return type;
    }

    /** Refused without being repeated: its path may be what lets somebody in. */
    private static Optional<URI> url(YamlMap yaml, String text) {
        try {
            URI url = new URI(text);
            boolean local = "localhost".equals(url.getHost()) || "127.0.0.1".equals(url.getHost());
            if (url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getFragment() == null
                    && ("https".equals(url.getScheme()) || local && "http".equals(url.getScheme()))) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            return noUrl(yaml);
        }
        return noUrl(yaml);
    }

    private static Optional<URI> noUrl(YamlMap yaml) {
        return yaml.invalid(
                "url",
                "'url' is not an address that notifications can be sent to.",
                "Write https://n8n.example.com/webhook/tarn: encrypted, without user and password.");
    }
}
