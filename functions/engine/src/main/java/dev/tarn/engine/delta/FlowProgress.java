package dev.tarn.engine.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a flow has come. It is kept in the domain {@code tarn.flow.<flow>} of its target and nowhere else, and changes
 * in the commit that brings the rows.
 *
 * @param planHash of the flow that wrote the rows
 * @param sources one entry for each source of the flow
 */
public record FlowProgress(String planHash, List<SourceProgress> sources) {

    /** Version of the stored form; a newer one is refused. */
    public static final int VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    public FlowProgress {
        sources = List.copyOf(sources);
        if (planHash.isEmpty()) {
            throw new IllegalArgumentException("progress names the plan it was made with");
        }
    }

    /** How far {@code source} has been read; empty when it was not read yet. */
    public Optional<SourceProgress> source(String source) {
        return sources.stream()
                .filter(progress -> progress.source().equals(source))
                .findFirst();
    }

    /** The stored form. */
    public String toJson() {
        ObjectNode root = JSON.createObjectNode().put("v", VERSION).put("planHash", planHash);
        sources.forEach(progress -> {
            ObjectNode node = root.withArray("sources").addObject().put("source", progress.source());
            if (progress.cursor() != null) {
                node.put("cursor", progress.cursor());
            } else {
                node.put("tableId", progress.tableId()).put("version", progress.version());
            }
        });
        return root.toString();
    }

    /**
     * Reads the stored form. Throws {@link TarnException} with {@link ErrorCode#LAKE_FORMAT_NEWER} when a newer Tarn
     * wrote it and {@link ErrorCode#LAKE_DAMAGED} when nothing of Tarn did.
     */
    public static FlowProgress parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            int version = root.path("v").asInt();
            if (version > VERSION) {
                throw newer(version);
            }
            List<SourceProgress> sources = new ArrayList<>();
            root.path("sources").forEach(node -> sources.add(source(node)));
            return new FlowProgress(root.path("planHash").asText(), sources);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED,
                    "The progress of a flow, kept in its target's log, cannot be read.",
                    "Refresh the target fully.",
                    e);
        }
    }

    private static SourceProgress source(JsonNode node) {
        return new SourceProgress(
                node.path("source").asText(),
                text(node, "tableId"),
                node.has("version") ? Long.valueOf(node.get("version").asLong()) : null,
                text(node, "cursor"));
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.has(field) ? node.get(field).asText() : null;
    }

    private static TarnException newer(int version) {
        return new TarnException(
                ErrorCode.LAKE_FORMAT_NEWER,
                "The progress of a flow was written in form " + version + "; this Tarn knows forms up to " + VERSION
                        + ".",
                "Use the Tarn that wrote it, or a newer one.");
    }
}
