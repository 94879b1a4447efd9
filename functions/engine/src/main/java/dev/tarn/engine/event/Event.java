package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.UpdateId;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of the event log, in Lakeflow's form.
 *
 * @param id the same whenever the same event is told
 * @param number orders the events of one update
 * @param details what the type of the event says, under the type's name
 * @param failure of the update, null when the event is not its failure
 */
record Event(
        String id,
        Type type,
        int number,
        Instant time,
        Level level,
        String message,
        ObjectNode details,
        UpdateRecord.@Nullable Failure failure) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Lakeflow's types of events that Tarn has. */
    enum Type {
        CREATE_UPDATE,
        UPDATE_PROGRESS,
        PLANNING_INFORMATION,
        FLOW_DEFINITION,
        DATASET_DEFINITION,
        FLOW_PROGRESS;

        /** The type's name in the table. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much the event deserves to be looked at. */
    enum Level {
        INFO,
        WARN,
        ERROR
    }

    /** An id for the event of that number, one for each; it sorts beside the update's own. */
    static String id(UpdateId update, int number) {
        UUID other = UUID.nameUUIDFromBytes((update + " " + number).getBytes(UTF_8));
        return new UUID(update.value().getMostSignificantBits(), other.getLeastSignificantBits()).toString();
    }

    static ObjectNode object() {
        return JSON.objectNode();
    }

    /** The row as a line of JSON, with the columns of {@link EventTable#SCHEMA}. */
    String line(UpdateRecord update, Pipeline pipeline) {
        ObjectNode row = object().put("id", id);
        row.putObject("sequence")
                .putObject("data_plane_id")
                .put("instance", update.id().toString())
                .put("seq_no", number);
        row.set("origin", origin(update, pipeline));
        row.put("timestamp", time.toString());
        row.put("message", message);
        row.put("level", level.name());
        row.put("maturity_level", "EVOLVING");
        if (failure != null) {
            row.putObject("error")
                    .put("fatal", true)
                    .putArray("exceptions")
                    .addObject()
                    .put("class_name", failure.code().name())
                    .put("message", failure.what() + " " + failure.mend());
        }
        row.put("details", details.toString());
        row.put("event_type", type.toString());
        return row.toString();
    }

    /** A publication fills no table of the lake, but a sink. */
    private static ObjectNode origin(UpdateRecord update, Pipeline pipeline) {
        ObjectNode origin = object().put("pipeline_id", pipeline.id())
                .put("pipeline_type", "WORKSPACE")
                .put("pipeline_name", pipeline.name())
                .put("update_id", update.id().toString())
                .put("flow_id", pipeline.flowId(update.flow()))
                .put("flow_name", update.flow());
        return update.kind() == UpdateRecord.Kind.PUBLISH
                ? origin.put("sink_name", update.flow())
                : origin.put("table_name", update.table().table())
                        .put("schema_name", update.table().layer().folder())
                        .put("dataset_name", update.table().toString());
    }
}
