package dev.tarn.connect.inbox;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request to an endpoint.
 *
 * @param endpoint its name, as it stands in the address
 * @param client address of who sent it, as whoever took the request saw it; null when that is not known
 * @param headers by their names in lower case, every value of each
 * @param body as it was sent, not read yet
 */
public record WebhookRequest(
        String endpoint, @Nullable String client, Map<String, List<String>> headers, InputStream body) {

    public WebhookRequest {
        requireNonNull(endpoint, "endpoint");
        requireNonNull(body, "body");
        Map<String, List<String>> lowered = new HashMap<>();
        headers.forEach((name, values) ->
                lowered.merge(name.toLowerCase(Locale.ROOT), List.copyOf(values), WebhookRequest::both));
        headers = Map.copyOf(lowered);
    }

    /** A request of which is not known where it comes from. */
    public WebhookRequest(String endpoint, Map<String, List<String>> headers, InputStream body) {
        this(endpoint, null, headers, body);
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** The value of a header that is there exactly once: which of two is meant nobody can tell. */
    Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? Optional.of(values.get(0).strip()) : Optional.empty();
    }
}
