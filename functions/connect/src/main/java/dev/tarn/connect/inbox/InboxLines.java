package dev.tarn.connect.inbox;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.engine.lake.LakeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells why the content of an inbox' file cannot be brought into bronze. Says where, and never what stands there. */
final class InboxLines {

    private static final int VERSION = 1;

    private static final Map<String, JsonToken> NEEDED = Map.of(
            "v", JsonToken.VALUE_NUMBER_INT,
            "id", JsonToken.VALUE_STRING,
            "received_at", JsonToken.VALUE_NUMBER_INT,
            "headers", JsonToken.VALUE_STRING,
            "columns", JsonToken.START_OBJECT,
            "payload", JsonToken.VALUE_STRING);

    private InboxLines() {}

    /** Why the content cannot be read; empty when it can. */
    static Optional<String> unreadable(byte[] content) {
        int from = 0;
        for (int number = 1; from < content.length; number++) {
            int end = from;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            String line = "Line " + number;
            if (end == content.length) {
                return Optional.of(line + " is cut off.");
            }
            Optional<String> reason = unreadable(line, content, from, end - from);
            if (reason.isPresent()) {
                return reason;
            }
            from = end + 1;
        }
        return Optional.empty();
    }

    private static Optional<String> unreadable(String line, byte[] content, int from, int length) {
        try (JsonParser parser = LakeJson.MAPPER.getFactory().createParser(content, from, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.of(line + " is no event.");
            }
            Map<String, JsonToken> found = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                found.put(name, value);
                if (name.equals("v") && value == JsonToken.VALUE_NUMBER_INT && parser.getIntValue() != VERSION) {
                    return Optional.of(
                            line + " is of version " + parser.getIntValue() + "; this Tarn reads " + VERSION + ".");
                }
                parser.finishToken();
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                return Optional.of(line + " holds more than an event.");
            }
            return NEEDED.entrySet().stream()
                    .filter(needed -> found.get(needed.getKey()) != needed.getValue())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .findFirst()
                    .map(name -> line + " has no '" + name + "' as events have it.");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            return Optional.of(line + " is not JSON" + (at == null ? "." : " at column " + at.getColumnNr() + "."));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }
}
