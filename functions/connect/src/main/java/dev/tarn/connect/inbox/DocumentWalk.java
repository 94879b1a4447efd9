package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Goes through one document once, and takes its events out of it. */
final class DocumentWalk {

    private final WebhookSource.Endpoint endpoint;
    private final List<byte[]> secrets;
    private final byte[] json;
    private final JsonParser parser;
    private final List<SentEvent> events;
    private final boolean escapes;
    private final boolean echoes;

    DocumentWalk(
            WebhookSource.Endpoint endpoint,
            List<byte[]> secrets,
            byte[] json,
            JsonParser parser,
            List<SentEvent> events) {
        this.endpoint = endpoint;
        this.secrets = secrets;
        this.json = json;
        this.parser = parser;
        this.events = events;
        this.escapes = Utf8.indexOf(json, (byte) '\\').isPresent();
        this.echoes = escapes || secrets.stream().anyMatch(secret -> Utf8.contains(json, secret));
    }

    /** What is wrong at an offset of the document. */
    static final class MisplacedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final int at;
        private final transient Function<String, RefusedException> refusal;

        MisplacedException(int at, Function<String, RefusedException> refusal) {
            super("at " + at);
            this.at = at;
            this.refusal = refusal;
        }

        int at() {
            return at;
        }

        RefusedException refusal(String place) {
            return refusal.apply(place);
        }
    }

    /** Whether there was a document. */
    boolean run() throws IOException, MisplacedException, RefusedException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return false;
        }
        EventIdPart items = endpoint.items();
        if (items == null) {
            eventOrList(first);
        } else if (!list(first, items.path(), 0)) {
            throw Invalid.noItems(items.toString());
        }
        if (parser.nextToken() != null) {
            throw new MisplacedException(tokenStart(), Invalid::notJson);
        }
        return true;
    }

    private void eventOrList(JsonToken token) throws IOException, MisplacedException {
        if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                event();
            }
        } else {
            event();
        }
    }

    /** Whether the list at the path was there; the rest of the document is looked through, too. */
    private boolean list(JsonToken token, List<String> path, int depth) throws IOException, MisplacedException {
        if (depth == path.size()) {
            if (token == JsonToken.START_ARRAY) {
                eventOrList(token);
                return true;
            }
            pass(token);
            return false;
        }
        if (token != JsonToken.START_OBJECT) {
            pass(token);
            return false;
        }
        boolean found = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = name();
            JsonToken value = parser.nextToken();
            if (name.equals(path.get(depth))) {
                found |= list(value, path, depth + 1);
            } else {
                pass(value);
            }
        }
        return found;
    }

    private void event() throws IOException, MisplacedException {
        int start = tokenStart();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new MisplacedException(start, Invalid::noObject);
        }
        EventParts parts = new EventParts(endpoint, json, start);
        object(parts, List.of(), false);
        events.add(parts.event(here()));
    }

    private void object(EventParts parts, List<String> path, boolean ofHeaders) throws IOException, MisplacedException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = name();
            if (path.isEmpty() && !parts.mayHave(name)) {
                throw new MisplacedException(tokenStart(), Invalid::newKey);
            }
            JsonToken token = parser.nextToken();
            List<String> below = parts.cares(path, name);
            int start = tokenStart();
            if (token == JsonToken.START_OBJECT) {
                object(parts, below, Redaction.isHeaders(name));
            } else if (token == JsonToken.START_ARRAY) {
                array(parts);
            } else {
                String text = scalar(token);
                if (ofHeaders && Redaction.isSecret(name) || isEcho(text)) {
                    parts.redact(start, here());
                } else {
                    parts.scalar(below, token == JsonToken.VALUE_NULL ? null : text);
                }
                continue;
            }
            parts.nested(below, start, here());
        }
    }

    private void array(EventParts parts) throws IOException, MisplacedException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonToken token = parser.currentToken();
            int start = tokenStart();
            if (token == JsonToken.START_OBJECT) {
                object(parts, EventParts.NOWHERE, false);
            } else if (token == JsonToken.START_ARRAY) {
                array(parts);
            } else if (isEcho(scalar(token))) {
                parts.redact(start, here());
            }
        }
    }

    /** Looks through what is no event. */
    private void pass(JsonToken token) throws IOException, MisplacedException {
        int depth = 0;
        JsonToken next = token;
        while (true) {
            if (next.isStructStart()) {
                depth++;
            } else if (next.isStructEnd()) {
                depth--;
            } else if (next == JsonToken.FIELD_NAME) {
                name();
            } else {
                scalar(next);
            }
            if (depth == 0) {
                return;
            }
            next = parser.nextToken();
        }
    }

    private String name() throws IOException, MisplacedException {
        return whole(parser.currentName());
    }

    private String scalar(JsonToken token) throws IOException, MisplacedException {
        parser.finishToken();
        String text = parser.getText();
        return token == JsonToken.VALUE_STRING ? whole(text) : text;
    }

    private String whole(String text) throws MisplacedException {
        if (escapes && Utf8.hasLoneSurrogate(text)) {
            throw new MisplacedException(tokenStart(), Invalid::loneSurrogate);
        }
        if (escapes && text.indexOf('\0') >= 0) {
            throw new MisplacedException(tokenStart(), Invalid::nul);
        }
        return text;
    }

    private boolean isEcho(String text) {
        return echoes && secrets.stream().anyMatch(secret -> text.contains(new String(secret, UTF_8)));
    }

    private int tokenStart() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private int here() {
        return (int) parser.currentLocation().getByteOffset();
    }
}
