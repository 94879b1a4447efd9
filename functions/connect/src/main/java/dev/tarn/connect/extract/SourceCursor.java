package dev.tarn.connect.extract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a table was read: everything below the horizon, in the columns that existed; of a table that is being loaded,
 * of what was there then, only the ranges before {@code load}. Kept in the table's progress.
 *
 * @param columns number by name, of all columns the relation had
 * @param load null when the first load is done
 */
record SourceCursor(String id, long timeline, long horizon, Map<String, Integer> columns, @Nullable Load load) {

    private static final int VERSION = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Where a first load goes on.
     *
     * @param next first page, or first value of the splitting column, that was not read yet
     * @param file that held the rows
     */
    record Load(long next, long file) {}

    SourceCursor {
        columns = Map.copyOf(columns);
    }

    /** Of a table that was read as of {@code state}. */
    static SourceCursor of(SourceState state, List<SourceColumn> columns) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        columns.forEach(column -> numbers.put(column.name(), column.number()));
        return new SourceCursor(state.id(), state.timeline(), state.horizon(), numbers, null);
    }

    SourceCursor loading(Load next) {
        return new SourceCursor(id, timeline, horizon, columns, next);
    }

    SourceCursor loaded() {
        return new SourceCursor(id, timeline, horizon, columns, null);
    }

    String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("v", VERSION).put("id", id).put("timeline", timeline).put("horizon", Long.toString(horizon));
        ObjectNode numbers = json.putObject("columns");
        columns.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(column -> numbers.put(column.getKey(), column.getValue()));
        if (load != null) {
            json.putObject("load").put("next", load.next()).put("file", load.file());
        }
        return json.toString();
    }

    /** Reads what {@link #toJson} wrote; form 1 knew no load. */
    static SourceCursor parse(String flowId, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path("v").asInt() > VERSION) {
                throw new TarnException(
                        ErrorCode.LAKE_FORMAT_NEWER,
                        "The position of " + flowId + " was written by a newer version of Tarn.",
                        "Use that version of Tarn.");
            }
            Map<String, Integer> numbers = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> column : json.required("columns").properties()) {
                numbers.put(column.getKey(), column.getValue().asInt());
            }
            return new SourceCursor(
                    json.required("id").textValue(),
                    json.required("timeline").longValue(),
                    Long.parseLong(json.required("horizon").textValue()),
                    numbers,
                    load(json).orElse(null));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED,
                    "The position of " + flowId + " in the log of its bronze table cannot be read.",
                    "Restore the table's log from a backup, or start a new lake.",
                    e);
        }
    }

    private static Optional<Load> load(JsonNode json) {
        return Optional.ofNullable(json.get("load"))
                .map(load -> new Load(
                        load.required("next").longValue(), load.required("file").longValue()));
    }

    /** Whether the database is still the one that was read, and has not gone back to before it. */
    boolean continuesIn(SourceState state) {
        return id.equals(state.id()) && timeline == state.timeline() && state.next() >= horizon;
    }

    /** Whether it is the database that was read, as it was before: a standby has not come as far yet. */
    boolean isAheadOf(SourceState state) {
        return state.standby() && id.equals(state.id()) && timeline == state.timeline() && state.next() < horizon;
    }

    /**
     * Rows written since the horizon. A row knows the lower 32 bits of the transaction that wrote it, so its distance to
     * the horizon is taken modulo 2^32: it can only come out too small, and then the row is read once more. After 2^32
     * transactions that is every row.
     */
    String condition(SourceState state) {
        return "((xmin::text::bigint - " + horizon + ") & 4294967295) < " + (state.next() - horizon);
    }
}
