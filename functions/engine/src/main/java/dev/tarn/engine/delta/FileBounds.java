package dev.tarn.engine.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.util.VectorUtils;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the log tells of the values in a file: statistics, and the partition it belongs to. */
final class FileBounds {

    /** A decimal has more digits than a floating-point number keeps. */
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** Names of what is told of columns. */
    static final String MIN = "minValues";

    static final String MAX = "maxValues";
    static final String NULL_COUNT = "nullCount";

    private final JsonNode statistics;
    private final Map<String, @Nullable String> partition;

    private FileBounds(JsonNode statistics, Map<String, @Nullable String> partition) {
        this.statistics = statistics;
        this.partition = partition;
    }

    static FileBounds of(AddFile file) {
        return new FileBounds(
                file.getStatsJson().map(FileBounds::parse).orElse(MissingNode.getInstance()),
                file.getPartitionValues().getSize() == 0 ? Map.of() : VectorUtils.toJavaMap(file.getPartitionValues()));
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException unreadable) {
            // Statistics are a help and no more: without them the file is read.
            return MissingNode.getInstance();
        }
    }

    /** Between which values the file has the top-level column; empty when that is not known, or it is NULL throughout. */
    Optional<ColumnRange> range(String column, OrderedValues values) {
        if (partition.containsKey(column)) {
            @Nullable String value = partition.get(column);
            JsonNode node = JSON.getNodeFactory().textNode(value == null ? "" : value);
            return value == null
                    ? Optional.empty()
                    : values.bound(node, false).map(exact -> new ColumnRange(values, exact, exact));
        }
        Optional<Comparable<?>> low = values.bound(statistics.path(MIN).path(column), false);
        Optional<Comparable<?>> high = values.bound(statistics.path(MAX).path(column), true);
        return low.isPresent() && high.isPresent()
                ? Optional.of(new ColumnRange(values, low.get(), high.get()))
                : Optional.empty();
    }

    /** Whether the statistics tell that of the column, whose path is made of names in the files. */
    boolean tell(String what, List<String> path) {
        JsonNode node = statistics.path(what);
        for (String name : path) {
            node = node.path(name);
        }
        return node.isValueNode() && !node.isNull();
    }

    /** Rows of the file, deleted ones included; empty when the writer did not say. */
    Optional<Long> physicalRecords() {
        JsonNode records = statistics.path("numRecords");
        return records.isIntegralNumber() ? Optional.of(records.longValue()) : Optional.empty();
    }

    /** The statistics, saying that rows were deleted since they were made (PROTOCOL.md, "tightBounds"). */
    String withoutTightBounds() {
        return ((com.fasterxml.jackson.databind.node.ObjectNode) statistics.deepCopy())
                .put("tightBounds", false)
                .toString();
    }
}
