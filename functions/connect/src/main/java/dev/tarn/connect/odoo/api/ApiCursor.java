package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a model was read. Kept in the table's progress.
 *
 * @param database that was read
 * @param newest date of the newest record when the last whole pass began; null when none had a date, or before
 * @param whole whether a pass was ever finished
 * @param place where a pass that was broken off goes on, or null
 * @param fields columns that were read
 */
record ApiCursor(
        String database, @Nullable Instant newest, boolean whole, @Nullable PagePlace place, Set<String> fields) {

    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    ApiCursor {
        fields = Set.copyOf(fields);
    }

    String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("v", VERSION).put("api", database).put("newest", text(newest)).put("whole", whole);
        if (place != null) {
            json.putObject("pass")
                    .put("part", place.part().name())
                    .put("second", text(place.second()))
                    .put("id", place.id())
                    .put("end", text(place.end()));
        }
        new TreeSet<>(fields).forEach(json.putArray("fields")::add);
        return json.toString();
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /** Reads what {@link #toJson} wrote; empty for what another kind of reading left. */
    static Optional<ApiCursor> parse(String flowId, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.has("api")) {
                return Optional.empty();
            }
            if (json.path("v").asInt() > VERSION) {
                throw new TarnException(
                        ErrorCode.LAKE_FORMAT_NEWER,
                        "The position of " + flowId + " was written by a newer version of Tarn.",
                        "Use that version of Tarn.");
            }
            Set<String> fields = new TreeSet<>();
            json.required("fields").forEach(name -> fields.add(name.textValue()));
            JsonNode pass = json.path("pass");
            return Optional.of(new ApiCursor(
                    json.required("api").textValue(),
                    instant(json.required("newest")),
                    json.required("whole").booleanValue(),
                    pass.isMissingNode() ? null : place(pass),
                    fields));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED,
                    "The position of " + flowId + " in the log of its bronze table cannot be read.",
                    "Restore the table's log from a backup, or start a new lake.",
                    e);
        }
    }

    private static PagePlace place(JsonNode pass) {
        Instant end = instant(pass.required("end"));
        if (end == null) {
            throw new IllegalArgumentException("a pass has an end");
        }
        return new PagePlace(
                PagePlace.Part.valueOf(pass.required("part").textValue()),
                instant(pass.required("second")),
                pass.required("id").longValue(),
                end);
    }

    private static @Nullable Instant instant(JsonNode node) {
        return node.isNull() ? null : Instant.parse(node.textValue());
    }
}
