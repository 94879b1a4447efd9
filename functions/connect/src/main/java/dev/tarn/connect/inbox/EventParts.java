package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.Column;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.WebhookSource;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is taken out of one event while it is gone through. */
final class EventParts {

    /** Where nothing is taken from: within a list. */
    static final List<String> NOWHERE = List.of("");

    private final WebhookSource.Endpoint endpoint;
    private final byte[] json;
    private final int start;
    private final Map<String, String> columns = new HashMap<>();
    private final Map<List<String>, String> idParts = new HashMap<>();
    private final List<int[]> redacted = new ArrayList<>();

    EventParts(WebhookSource.Endpoint endpoint, byte[] json, int start) {
        this.endpoint = endpoint;
        this.json = json;
        this.start = start;
    }

    /** The path of {@code name}, or {@link #NOWHERE} when nothing at it or below it is taken. */
    List<String> cares(List<String> path, String name) {
        if (path == NOWHERE) {
            return NOWHERE;
        }
        List<String> below = new ArrayList<>(path);
        below.add(name);
        boolean column = path.isEmpty() && column(name);
        boolean cared = column
                || endpoint.eventId().stream()
                        .map(EventIdPart::path)
                        .anyMatch(part -> part.size() >= below.size()
                                && part.subList(0, below.size()).equals(below));
        return cared ? below : NOWHERE;
    }

    /** Whether an event may have that key at its top. */
    boolean mayHave(String name) {
        return endpoint.misfit() != WebhookSource.Misfit.FAIL
                || declared(name)
                || endpoint.eventId().stream()
                        .anyMatch(part -> part.path().stream().limit(1).anyMatch(name::equals));
    }

    private boolean column(String name) {
        return endpoint.misfit() == WebhookSource.Misfit.ADD || declared(name);
    }

    private boolean declared(String name) {
        return endpoint.columns().stream().map(Column::name).anyMatch(name::equals);
    }

    void scalar(List<String> path, @Nullable String text) {
        if (path != NOWHERE && text != null) {
            if (path.size() == 1 && column(path.get(0))) {
                columns.put(path.get(0), text);
            }
            idParts.put(path, text);
        }
    }

    /** A list or an object. */
    void nested(List<String> path, int from, int to) {
        if (path != NOWHERE && path.size() == 1 && column(path.get(0))) {
            columns.put(path.get(0), new String(redacted(from, to), UTF_8));
        }
    }

    /** Takes a value out of the payload. */
    void redact(int from, int to) {
        redacted.add(new int[] {from, to});
    }

    SentEvent event(int end) {
        return new SentEvent(redacted(start, end), columns, idParts);
    }

    private byte[] redacted(int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        int at = from;
        for (int[] range : redacted) {
            if (range[0] >= from) {
                out.write(json, at, range[0] - at);
                out.writeBytes(('"' + Redaction.INSTEAD + '"').getBytes(UTF_8));
                at = range[1];
            }
        }
        out.write(json, at, to - at);
        return out.toByteArray();
    }
}
