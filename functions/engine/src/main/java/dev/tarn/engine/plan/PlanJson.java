package dev.tarn.engine.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan in JSON, with the version of its form in {@code v}. */
public final class PlanJson {

    private PlanJson() {}

    /** {@code plan} as UTF-8. */
    public static byte[] write(Plan plan) {
        try {
            ObjectNode json = LakeJson.MAPPER.createObjectNode().put("v", Plan.VERSION);
            json.setAll((ObjectNode) LakeJson.MAPPER.valueToTree(plan));
            return LakeJson.MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan that cannot be written", e);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws TarnException LAKE_FORMAT_NEWER for a plan of a newer version, LAKE_DAMAGED for anything else
     */
    public static Plan read(byte[] json) {
        try {
            JsonNode tree = LakeJson.MAPPER.readTree(json);
            int version = tree.path("v").asInt(0);
            if (version > Plan.VERSION) {
                throw new TarnException(
                        ErrorCode.LAKE_FORMAT_NEWER,
                        "The deployed plan has version " + version + "; this version of Tarn knows up to "
                                + Plan.VERSION + ".",
                        "Use the Tarn that deployed it, or deploy the project again with this one.");
            }
            if (version < 1) {
                throw damaged(null);
            }
            ((ObjectNode) tree).remove("v");
            if (version == 1) {
                tree.path("flows").forEach(flow -> migrate((ObjectNode) flow));
            }
            if (version <= 2 && ((ObjectNode) tree).remove("odooSources") instanceof ArrayNode sources) {
                sources.forEach(source -> migrateSource((ObjectNode) source));
                ((ObjectNode) tree).set("sources", sources);
            }
            if (version <= 3) {
                ((ObjectNode) tree).putArray("webhooks");
                ((ObjectNode) tree).set("operation", LakeJson.MAPPER.valueToTree(Operation.USUAL));
                ((ObjectNode) tree).putArray("drops");
            }
            tree.path("webhooks").forEach(source -> source.path("endpoints").forEach(PlanJson::openToAll));
            tree.path("drops").forEach(drop -> addLaterOptions((ObjectNode) drop.path("options")));
            return LakeJson.MAPPER.treeToValue(tree, Plan.class);
        } catch (IOException | ClassCastException e) {
            throw damaged(e);
        }
    }

    /** Plans of before there were ranges have none. */
    private static void openToAll(JsonNode endpoint) {
        if (!endpoint.has("ipRanges")) {
            ((ObjectNode) endpoint).putArray("ipRanges");
        }
    }

    /** In form 1 a flow was its target, too, and either appended or replaced. */
    private static void migrate(ObjectNode flow) {
        boolean streaming = flow.path("kind").asText().equals("STREAMING_TABLE");
        ObjectNode dataset = flow.putObject("dataset");
        dataset.set("name", flow.remove("target"));
        for (String moved : List.of("kind", "schema", "partitionBy", "comment")) {
            dataset.set(moved, flow.remove(moved));
        }
        dataset.set("position", flow.path("position"));
        for (String none : List.of("required", "clusterBy")) {
            dataset.putArray(none);
        }
        dataset.putObject("properties");
        flow.putArray("views");
        ObjectNode effect = flow.putObject("effect").put("does", streaming ? "append" : "replace");
        if (streaming) {
            effect.put("once", false);
        }
        for (JsonNode input : flow.path("inputs")) {
            boolean stream = input.path("streaming").asBoolean();
            ((ObjectNode) input)
                    .put("reading", stream ? Flow.Reading.STREAM.name() : Flow.Reading.WHOLE.name())
                    .remove("streaming");
        }
    }

    /** Up to form 2 a source was the database of an Odoo, with fewer settings. */
    private static void migrateSource(ObjectNode source) {
        ObjectNode connection = source.putObject("connection").put("by", "odoo_database");
        connection.set("secret", source.remove("database"));
        connection.set("version", source.remove("version"));
        connection.put("language", "en_US");
        source.putObject("deletes").put("every", "PT1H").put("stopAbove", 0.01);
        source.putObject("fields").put("added", "ADD").put("retyped", "RESCUE").put("removed", "WARN");
        for (JsonNode table : source.path("tables")) {
            ObjectNode fields = (ObjectNode) table;
            String name = fields.path("relation").asText();
            fields.putObject("relation").putNull("schema").put("name", name);
            fields.putArray("key");
            fields.putNull("split").putNull("every").putNull("fresh");
        }
    }

    /** The first plans of form 4 knew the decimal point alone, and no workbooks. */
    private static void addLaterOptions(ObjectNode options) {
        if (!options.has("decimal")) {
            options.put("decimal", FileDrop.Options.USUAL.decimal());
        }
        if (!options.has("sheet")) {
            options.putNull("sheet");
        }
    }

    private static TarnException damaged(@Nullable Exception cause) {
        return new TarnException(
                ErrorCode.LAKE_DAMAGED, "The deployed plan cannot be read.", "Deploy the project again.", cause);
    }
}
