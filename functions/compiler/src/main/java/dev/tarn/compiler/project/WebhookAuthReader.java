package dev.tarn.compiler.project;

import dev.tarn.model.SecretRef;
import dev.tarn.model.WebhookAuth;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code auth} of an endpoint. */
final class WebhookAuthReader {

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,60}");

    private final YamlMap yaml;

    WebhookAuthReader(YamlMap yaml) {
        this.yaml = yaml;
    }

    Optional<WebhookAuth> read() {
        if (yaml.has("hmac_sha256")) {
            yaml.allow("hmac_sha256");
            return yaml.map("hmac_sha256", true).flatMap(WebhookAuthReader::hmac);
        }
        yaml.allow("header", "secrets", "hmac_sha256");
        Optional<String> header = header(yaml, "header", true);
        List<SecretRef> secrets = secrets(yaml);
        return header.isEmpty() || secrets.isEmpty()
                ? Optional.empty()
                : Optional.of(new WebhookAuth.SharedSecret(header.get(), secrets));
    }

    private static Optional<WebhookAuth> hmac(YamlMap yaml) {
        yaml.allow("header", "secrets", "tolerance", "timestamp");
        Optional<String> header = header(yaml, "header", true);
        @Nullable String timestamp = header(yaml, "timestamp", false).orElse(null);
        @Nullable Duration tolerance = yaml.duration("tolerance").orElse(null);
        List<SecretRef> secrets = secrets(yaml);
        return header.isEmpty() || secrets.isEmpty()
                ? Optional.empty()
                : Optional.of(new WebhookAuth.Hmac(header.get(), timestamp, tolerance, secrets));
    }

    private static Optional<String> header(YamlMap yaml, String key, boolean required) {
        return (required ? yaml.required(key) : yaml.text(key))
                .flatMap(text -> HEADER.matcher(text).matches()
                        ? Optional.of(text.toLowerCase(Locale.ROOT))
                        : yaml.invalid(
                                key, "'" + text + "' is not the name of a header.", "Write " + key + ": x-signature."));
    }

    private static List<SecretRef> secrets(YamlMap yaml) {
        List<SecretRef> secrets = yaml.secrets("secrets");
        if (secrets.size() > WebhookAuth.MOST_SECRETS) {
            yaml.invalid(
                    "secrets",
                    "At most two secrets let senders in at one time.",
                    "Keep the new one and the one that it takes the place of.");
            return List.of();
        }
        return secrets;
    }
}
