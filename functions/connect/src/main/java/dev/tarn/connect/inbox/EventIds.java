package dev.tarn.connect.inbox;

import dev.tarn.model.EventIdPart;
import dev.tarn.model.WebhookSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names events: by what the sender calls them, or by their content. */
final class EventIds {

    static final int LONGEST = 500;
    private static final String BY_CONTENT = "sha256:";

    private final WebhookSource.Endpoint endpoint;
    private final WebhookRequest request;

    EventIds(WebhookSource.Endpoint endpoint, WebhookRequest request) {
        this.endpoint = endpoint;
        this.request = request;
    }

    /**
     * The id.
     *
     * @param content SHA-256 of its payload
     * @param place among the {@code events} of the request
     */
    String of(SentEvent event, String content, int place, int events) throws RefusedException {
        List<String> values = new ArrayList<>();
        for (EventIdPart part : endpoint.eventId()) {
            Optional<String> value = part.header() == null ? event.idPart(part.path()) : request.header(part.header());
            if (value.filter(text -> !text.isEmpty()).isEmpty()) {
                return BY_CONTENT + content;
            }
            values.add(value.get());
        }
        if (values.isEmpty()) {
            return BY_CONTENT + content;
        }
        if (events > 1 && endpoint.eventId().stream().noneMatch(part -> part.header() == null)) {
            // One header for several events: each needs a name of its own.
            values.add(Integer.toString(place));
        }
        String id = values.size() == 1
                ? values.get(0)
                : String.join("|", values.stream().map(EventIds::escaped).toList());
        if (id.length() > LONGEST) {
            throw Invalid.longId(LONGEST);
        }
        return id;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("|", "\\|");
    }
}
