package dev.tarn.connect.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the queue holds of a unit.
 *
 * @param attempt which one is to be made, from 1 on; it begins anew whenever a unit came further
 * @param correlation id of what caused the work first
 * @param asked when that was
 * @param failure of the attempt before, null when it did not fail
 */
public record UnitMessage(Unit unit, int attempt, String correlation, Instant asked, @Nullable ErrorCode failure) {

    /** Of units that are to be done. */
    public static final String QUEUE = "tarn-units";

    /** Of those that were given up, each with its reason. */
    public static final String POISON = "tarn-poison";

    /** Of a message; a unit is a few names. */
    static final int MOST_BYTES = 4096;

    /** Version of the message's form; another one is refused. */
    static final int VERSION = 1;

    private static final String FOREIGN =
            "Only the app puts messages into this queue: see who else holds a right on it, and what for.";

    public UnitMessage {
        requireNonNull(unit, "unit");
        requireNonNull(asked, "asked");
        if (attempt < 1 || !Unit.isName(correlation)) {
            throw new IllegalArgumentException("a unit is attempted once at least, because of something");
        }
    }

    /** Of work that nobody has passed on before. */
    static UnitMessage first(Unit unit, String correlation, Instant asked) {
        return new UnitMessage(unit, 1, correlation, asked, null);
    }

    /** Of what this one has left. */
    UnitMessage goesOn(Unit left) {
        return new UnitMessage(left, 1, correlation, asked, null);
    }

    /** As the queue hands it over for that time: each time before was an attempt, too. */
    UnitMessage delivered(int time) {
        return new UnitMessage(unit, attempt + Math.max(0, time - 1), correlation, asked, failure);
    }

    /** Of the next attempt at this one. */
    UnitMessage failed(ErrorCode code) {
        return new UnitMessage(unit, attempt + 1, correlation, asked, code);
    }

    String toJson() {
        ObjectNode json = LakeJson.MAPPER
                .createObjectNode()
                .put("v", VERSION)
                .put("kind", unit.kind().word())
                .put("name", unit.name())
                .put("attempt", attempt)
                .put("correlation", correlation)
                .put("asked", asked.toString());
        if (failure != null) {
            json.put("failure", failure.name());
        }
        return json.toString();
    }

    /** Reads a message. Throws {@link TarnException} (UNIT_INVALID). */
    static UnitMessage parse(String text) {
        int bytes = text.getBytes(UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw refused("has " + bytes + " bytes; a unit of work has " + MOST_BYTES + " at most.", FOREIGN);
        }
        JsonNode json = tree(text);
        if (json.path("v").asInt() != VERSION) {
            throw refused(
                    "is not of version " + VERSION + ", the only one that this version of Tarn knows.",
                    "Deploy the newer Tarn that sent it; the clock brings the work back.");
        }
        Unit.Kind kind = Unit.Kind.find(json.path("kind").asText())
                .orElseThrow(() -> refused(
                        "asks for no kind of work that Tarn knows; there are " + Unit.Kind.words() + ".", FOREIGN));
        int attempt = json.path("attempt").asInt();
        if (attempt < 1) {
            throw refused("does not say in \"attempt\" which one it is, a number from 1 on.", FOREIGN);
        }
        String failure = json.path("failure").asText();
        return new UnitMessage(
                new Unit(kind, name(json, "name")),
                attempt,
                name(json, "correlation"),
                asked(json),
                failure.isEmpty() ? null : code(failure));
    }

    private static JsonNode tree(String text) {
        try {
            JsonNode json = LakeJson.MAPPER.readTree(text);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Its message quotes what was sent.
            throw refused("is not JSON.", FOREIGN);
        }
        throw refused("is JSON, and not an object.", FOREIGN);
    }

    private static String name(JsonNode json, String field) {
        String name = json.path(field).asText();
        if (!Unit.isName(name)) {
            throw refused("has no name of 1 to 300 printable characters in \"" + field + "\".", FOREIGN);
        }
        return name;
    }

    private static Instant asked(JsonNode json) {
        try {
            return Instant.parse(json.path("asked").asText());
        } catch (DateTimeException e) {
            throw refused("has no time like 2026-05-01T08:00:00Z in \"asked\".", FOREIGN);
        }
    }

    private static ErrorCode code(String name) {
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw refused("has no code of an error in \"failure\".", FOREIGN);
        }
    }

    private static TarnException refused(String what, String mend) {
        return new TarnException(ErrorCode.UNIT_INVALID, "A message of the queue " + QUEUE + " " + what, mend);
    }
}
