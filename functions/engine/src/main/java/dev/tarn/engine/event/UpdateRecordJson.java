package dev.tarn.engine.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Update records as JSON, with the version of the form in {@code v}. */
final class UpdateRecordJson {

    private static final JsonMapper MAPPER = LakeJson.MAPPER
            .rebuild()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private UpdateRecordJson() {}

    static byte[] write(UpdateRecord update) {
        try {
            return MAPPER.writeValueAsBytes(tree(update));
        } catch (IOException e) {
            throw new IllegalStateException("an update record that cannot be written", e);
        }
    }

    static ObjectNode tree(UpdateRecord update) {
        ObjectNode json = MAPPER.createObjectNode().put("v", UpdateRecord.VERSION);
        json.setAll((ObjectNode) MAPPER.valueToTree(update));
        return json;
    }

    static UpdateRecord read(byte[] json) {
        try {
            return record(MAPPER.readTree(json));
        } catch (IOException | ClassCastException e) {
            throw damaged(e);
        }
    }

    /** The record inside the {@code details} of a row of the event log. */
    static UpdateRecord readDetails(String details) {
        try {
            return record(MAPPER.readTree(details).path("tarn"));
        } catch (IOException | ClassCastException e) {
            throw damaged(e);
        }
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
        if (version == 1) {
            migrate((ObjectNode) tree);
        }
        return MAPPER.treeToValue(tree, UpdateRecord.class);
    }

    /** In form 1 every rule was one of the table, and nothing was told of what was read. */
    private static void migrate(ObjectNode update) {
        update.putArray("recomputedFrom");
        for (JsonNode rule : update.path("stats").path("expectations")) {
            ((ObjectNode) rule).set("dataset", update.path("table"));
        }
    }

    private static TarnException damaged(@Nullable Exception cause) {
        return new TarnException(
                ErrorCode.LAKE_DAMAGED,
                "An event record of the lake cannot be read.",
                "Move the unreadable file out of tarn/events; the tables do not depend on it.",
                cause);
    }
}
