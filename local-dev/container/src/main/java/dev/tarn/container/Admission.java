package dev.tarn.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.TarnException;
import io.quarkus.funqy.runtime.FunctionRecorder;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a call of a function, or an event, has to be before it gets to one: refused with words, where Funqy only has a number. */
final class Admission {

    private static final String EVENT_MEDIA_TYPE = "application/cloudevents+json";
    private static final List<String> TYPES = List.of(Events.BLOB_CREATED, Events.TICK, Events.LEFT);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean open;

    Admission(boolean open) {
        this.open = open;
    }

    /** Every path that Funqy answers is looked at, so that none of them is open by oversight. Lets the request go on, or refuses it. Throws {@link TarnException} when it is refused. */
    void check(RoutingContext context) {
        String path = context.request().path();
        boolean event = path.equals("/");
        if (!event && FunctionRecorder.registry.matchInvoker(path.substring(1)) == null) {
            context.next();
            return;
        }
        if (!open) {
            throw AppFunctions.refused(
                    "The functions of this container are closed.",
                    "Set TARN_FUNCTIONS_OPEN to true where only clocks and events reach the port: whoever does may call"
                            + " them.");
        }
        if (!context.request().method().equals(HttpMethod.POST)) {
            throw AppFunctions.refused(
                    "A function is called by POST, not by "
                            + context.request().method().name() + ".",
                    "Send a POST.");
        }
        if (event) {
            checkEvent(context);
        } else {
            checkCall(context, path.substring(1));
        }
        context.next();
    }

    private static void checkCall(RoutingContext context, String function) {
        HttpServerRequest request = context.request();
        JsonNode json = isJson(request.getHeader("Content-Type")) ? object(body(context)) : null;
        if (json == null) {
            throw AppFunctions.refused(
                    "A request for " + function + " has no JSON object.",
                    "Send one as application/json: {\"name\": \"...\"} where a file came, what was left for resume, else"
                            + " {}.");
        }
        if (request.headers().contains("ce-id")) {
            throw AppFunctions.refused("A CloudEvent came to /" + function + ".", "Send events to /.");
        }
    }

    private static void checkEvent(RoutingContext context) {
        HttpServerRequest request = context.request();
        String mediaType = request.getHeader("Content-Type");
        if (request.headers().contains("ce-id")) {
            checkAttributes(name -> request.getHeader("ce-" + name));
            if (body(context).length == 0) {
                throw AppFunctions.refused("A CloudEvent has no data.", "Send its data as application/json.");
            }
            return;
        }
        if (mediaType == null || !mediaType.startsWith(EVENT_MEDIA_TYPE)) {
            throw AppFunctions.refused(
                    "A request to / is no CloudEvent.",
                    "Send one event at a time: as " + EVENT_MEDIA_TYPE + ", or with its attributes in headers ce-id,"
                            + " ce-type, ce-source and ce-specversion.");
        }
        JsonNode event = object(body(context));
        if (event == null) {
            throw AppFunctions.refused(
                    "A CloudEvent is no JSON object.",
                    "Send the event with all its attributes as one JSON object, or its media type as what it is.");
        }
        checkAttributes(name -> event.path(name).asText());
    }

    private static void checkAttributes(UnaryOperator<@Nullable String> attribute) {
        List<String> missing = Stream.of("id", "source", "type", "specversion")
                .filter(name -> {
                    String value = attribute.apply(name);
                    return value == null || value.isBlank();
                })
                .toList();
        if (!missing.isEmpty()) {
            throw AppFunctions.refused(
                    "A CloudEvent has no attribute " + String.join(", ", missing) + ".",
                    "See what sends it: every CloudEvent has these.");
        }
        if (!"1.0".equals(attribute.apply("specversion"))) {
            throw AppFunctions.refused(
                    "A CloudEvent is not of the version 1.0.", "Have the sender write CloudEvents 1.0.");
        }
        if (!TYPES.contains(attribute.apply("type"))) {
            throw AppFunctions.refused(
                    "A CloudEvent has a type that wakes nothing here.",
                    "Send only events of the types " + String.join(", ", TYPES) + "; a trigger of the broker filters"
                            + " them.");
        }
    }

    private static boolean isJson(@Nullable String mediaType) {
        return mediaType != null && mediaType.startsWith("application/json");
    }

    private static byte[] body(RoutingContext context) {
        return context.body().buffer() == null
                ? new byte[0]
                : context.body().buffer().getBytes();
    }

    private static @Nullable JsonNode object(byte[] text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json.isObject() ? json : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }
}
