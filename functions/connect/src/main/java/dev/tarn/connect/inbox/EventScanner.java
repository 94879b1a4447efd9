package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Finds the events in JSON, without changing a byte of them. */
final class EventScanner {

    static final int MOST_LEVELS = 64;
    static final int LONGEST_NUMBER = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_LEVELS)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength((int) WebhookSource.Endpoint.MOST_BODY)
                    .maxNameLength((int) WebhookSource.Endpoint.MOST_BODY)
                    .build())
            .build();

    private final WebhookSource.Endpoint endpoint;
    private final List<byte[]> secrets;

    /** @param secrets of the endpoint, which do not stay in a payload */
    EventScanner(WebhookSource.Endpoint endpoint, List<String> secrets) {
        this.endpoint = endpoint;
        this.secrets = secrets.stream().map(secret -> secret.getBytes(UTF_8)).toList();
    }

    /** One JSON value: an event, a list of events, or what the endpoint's items are in. */
    List<SentEvent> json(byte[] body) throws RefusedException {
        byte[] json = checked(body);
        List<SentEvent> events = new ArrayList<>();
        if (!scan(json, json, 0, events)) {
            throw Invalid.empty();
        }
        return events;
    }

    /** Lines, each of them an event; lines without one are passed over. */
    List<SentEvent> lines(byte[] body) throws RefusedException {
        byte[] json = checked(body);
        List<SentEvent> events = new ArrayList<>();
        boolean any = false;
        int from = 0;
        while (from < json.length) {
            int to = from;
            while (to < json.length && json[to] != '\n') {
                to++;
            }
            any |= scan(json, Arrays.copyOfRange(json, from, to), from, events);
            from = to + 1;
        }
        if (!any) {
            throw Invalid.empty();
        }
        return events;
    }

    private static byte[] checked(byte[] body) throws RefusedException {
        OptionalInt wrong = Utf8.firstWrong(body);
        if (wrong.isPresent()) {
            throw Invalid.notUtf8(Utf8.place(body, wrong.getAsInt()));
        }
        OptionalInt nul = Utf8.indexOf(body, (byte) 0);
        if (nul.isPresent()) {
            throw Invalid.nul(Utf8.place(body, nul.getAsInt()));
        }
        boolean marked = body.length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF;
        return marked ? Arrays.copyOfRange(body, 3, body.length) : body;
    }

    /**
     * Adds the events of one document.
     *
     * @param whole what places are told in, of which {@code json} begins at {@code offset}
     * @return whether there was a document
     */
    private boolean scan(byte[] whole, byte[] json, int offset, List<SentEvent> events) throws RefusedException {
        try (JsonParser parser = JSON.createParser(json)) {
            DocumentWalk walk = new DocumentWalk(endpoint, secrets, json, parser, events);
            try {
                return walk.run();
            } catch (DocumentWalk.MisplacedException e) {
                throw e.refusal(Utf8.place(whole, offset + e.at()));
            } catch (StreamConstraintsException e) {
                String place = Utf8.place(whole, offset + here(parser, json));
                boolean deep = parser.getParsingContext().getNestingDepth() > MOST_LEVELS;
                throw deep ? Invalid.tooDeep(place, MOST_LEVELS) : Invalid.longNumber(place, LONGEST_NUMBER);
            } catch (JsonProcessingException e) {
                long at = e.getLocation() == null
                        ? here(parser, json)
                        : e.getLocation().getByteOffset();
                String place = Utf8.place(whole, offset + (int) Math.min(Math.max(at, 0), json.length));
                throw String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")
                        ? Invalid.sameKeyTwice(place)
                        : Invalid.notJson(place);
            }
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    private static int here(JsonParser parser, byte[] json) {
        return (int) Math.min(Math.max(parser.currentLocation().getByteOffset(), 0), json.length);
    }
}
