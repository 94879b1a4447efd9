package dev.tarn.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.TarnException;
import io.quarkus.funqy.Funq;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventBuilder;
import io.quarkus.funqy.knative.events.CloudEventMapping;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /} with a CloudEvent: what the storage, clocks and the container itself tell. Work that was left is answered as
 * an event, which a broker brings back; where nothing was left, no event is answered.
 */
@Singleton
public class Events {

    /** A blob was created, as Azure's Event Grid says it; its subject names the blob. */
    static final String BLOB_CREATED = "Microsoft.Storage.BlobCreated";

    /** A clock of Knative ticked; its data names the function. */
    static final String TICK = "dev.knative.sources.ping";

    /** A call of this container left work. */
    static final String LEFT = "dev.tarn.left";

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AppFunctions app;

    Events(AppFunctions app) {
        this.app = app;
    }

    /** Passes the blob to the function that it wakes in Azure; a blob that wakes none is left alone. */
    @Funq
    @CloudEventMapping(trigger = BLOB_CREATED)
    public @Nullable CloudEvent<Left> blobCreated(CloudEvent<byte[]> event) {
        String subject = event.subject();
        if (subject == null || !LakeTrigger.isSubject(subject)) {
            throw AppFunctions.refused(
                    "A CloudEvent of the type " + BLOB_CREATED + " does not name a blob in its subject.",
                    "Send the subject as Event Grid does: /blobServices/default/containers/<container>/blobs/<path>.");
        }
        Optional<LakeTrigger> trigger = LakeTrigger.ofSubject(subject);
        if (trigger.isEmpty()) {
            LOG.debug("The blob of event {} wakes nothing.", event.id());
            return null;
        }
        return answer(app.arrived(trigger.get(), event.id()));
    }

    /** Calls the function that the tick is for. */
    @Funq
    @CloudEventMapping(trigger = TICK)
    public @Nullable CloudEvent<Left> ticked(CloudEvent<byte[]> event) {
        String function = json(event).path("function").asText();
        if (!app.ticking().contains(function)) {
            throw AppFunctions.refused(
                    "A CloudEvent of the type " + TICK + " does not say in its data whom the clock calls.",
                    "Send {\"function\": \"...\"} with one of " + String.join(", ", app.ticking()) + ".");
        }
        return answer(app.ticked(function, event.id()));
    }

    /** Goes on with what a call left. */
    @Funq
    @CloudEventMapping(trigger = LEFT)
    public @Nullable CloudEvent<Left> goOn(CloudEvent<byte[]> event) {
        List<String> messages = new ArrayList<>();
        json(event).path("left").forEach(message -> messages.add(message.asText()));
        if (messages.isEmpty()) {
            throw AppFunctions.refused(
                    "A CloudEvent of the type " + LEFT + " does not say in its data what was left.",
                    "Only answers of this container are such events: bring them back as they are.");
        }
        return answer(app.resumed(new Left(messages), event.id()));
    }

    private @Nullable CloudEvent<Left> answer(Left left) {
        return left.left().isEmpty()
                ? null
                : CloudEventBuilder.create()
                        .id(app.newId())
                        .type(LEFT)
                        .source("/tarn")
                        .build(left);
    }

    private static JsonNode json(CloudEvent<byte[]> event) {
        byte[] data = event.data();
        try {
            JsonNode json = JSON.readTree(data == null ? new byte[0] : data);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Its message quotes what was sent.
            throw noObject(event);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        throw noObject(event);
    }

    private static TarnException noObject(CloudEvent<byte[]> event) {
        return AppFunctions.refused(
                "A CloudEvent of the type " + event.type() + " has data that is no JSON object.",
                "Send the data as application/json.");
    }
}
