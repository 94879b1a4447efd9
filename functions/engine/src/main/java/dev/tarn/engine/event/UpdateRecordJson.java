package dev.tarn.engine.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.TarnException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Update records as JSON, and as rows of the event log in Lakeflow's form. */
final class UpdateRecordJson {

    private static final JsonMapper MAPPER = LakeJson.MAPPER
            .rebuild()
            .addMixIn(UpdateRecord.class, OnlyFields.class)
            .build();

    private UpdateRecordJson() {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties({"completed"})
    private abstract static class OnlyFields {}

    static byte[] write(UpdateRecord update) {
        try {
            return MAPPER.writeValueAsBytes(tree(update));
        } catch (IOException e) {
            throw new IllegalStateException("an update record that cannot be written", e);
        }
    }

    static UpdateRecord read(byte[] json) {
        try {
            return record(MAPPER.readTree(json));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** The record inside the {@code details} of a row of the event log. */
    static UpdateRecord readDetails(String details) {
        try {
            return record(MAPPER.readTree(details).path("tarn"));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** One row of the event log as a line of JSON. */
    static String row(UpdateRecord update) {
        ObjectNode row = MAPPER.createObjectNode();
        row.put("id", update.id().toString());
        row.put(
                "sequence",
                MAPPER.createObjectNode()
                        .put("control_plane_seq_no", update.id().toString())
                        .toString());
        row.put("origin", origin(update).toString());
        row.put("timestamp", update.started().plus(update.stats().took()).toString());
        row.put("message", message(update));
        row.put("level", level(update));
        row.put("maturity_level", "EVOLVING");
        row.put(
                "error",
                update.failure() == null
                        ? null
                        : MAPPER.valueToTree(update.failure()).toString());
        row.put("details", details(update).toString());
        row.put("event_type", "flow_progress");
        return row.toString();
    }

    private static ObjectNode origin(UpdateRecord update) {
        return MAPPER.createObjectNode()
                .put("update_id", update.id().toString())
                .put("flow_name", update.flow())
                .put("dataset_name", update.table().toString());
    }

    private static ObjectNode details(UpdateRecord update) {
        ObjectNode progress = MAPPER.createObjectNode().put("status", update.completed() ? "COMPLETED" : "FAILED");
        progress.putObject("metrics").put("num_output_rows", update.stats().rowsWritten());
        ObjectNode quality = progress.putObject("data_quality")
                .put("dropped_records", update.stats().rowsDropped());
        for (ExpectationCount count : update.stats().expectations()) {
            quality.withArray("expectations")
                    .addObject()
                    .put("name", count.name())
                    .put("dataset", update.table().toString())
                    .put("passed_records", count.passed())
                    .put("failed_records", count.failed());
        }
        ObjectNode details = MAPPER.createObjectNode();
        details.set("flow_progress", progress);
        details.set("tarn", tree(update));
        return details;
    }

    private static String message(UpdateRecord update) {
        UpdateRecord.Failure failure = update.failure();
        return failure == null
                ? update.flow() + ": " + update.stats().rowsWritten() + " rows written, "
                        + update.stats().rowsDropped() + " dropped"
                : update.flow() + " failed: " + failure.what();
    }

    private static String level(UpdateRecord update) {
        if (!update.completed()) {
            return "ERROR";
        }
        boolean warned = update.stats().expectations().stream()
                .anyMatch(count -> count.onViolation() == Expectation.OnViolation.WARN && count.failed() > 0);
        return warned || update.stats().rowsDropped() > 0 ? "WARN" : "INFO";
    }

    private static ObjectNode tree(UpdateRecord update) {
        ObjectNode json = MAPPER.createObjectNode().put("v", UpdateRecord.VERSION);
        json.setAll((ObjectNode) MAPPER.valueToTree(update));
        return json;
    }

    private static UpdateRecord record(JsonNode tree) throws IOException {
        int version = tree.path("v").asInt(0);
        if (version > UpdateRecord.VERSION) {
            throw new TarnException(
                    ErrorCode.LAKE_FORMAT_NEWER,
                    "An event record of the lake has version " + version + "; this version of Tarn knows up to "
                            + UpdateRecord.VERSION + ".",
                    "Use the newer Tarn that wrote it.");
        }
        if (version < 1) {
            throw damaged(null);
        }
        ((ObjectNode) tree).remove("v");
        return MAPPER.treeToValue(tree, UpdateRecord.class);
    }

    private static TarnException damaged(@Nullable Exception cause) {
        return new TarnException(
                ErrorCode.LAKE_DAMAGED,
                "An event record of the lake cannot be read.",
                "Move the unreadable file out of tarn/events; the tables do not depend on it.",
                cause);
    }
}
