package dev.tarn.connect.trigger;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.extract.LookTimes;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;

/**
 * When sources were looked at last: {@code tarn/looks/<source>.json} in the lake, since processes come and go. How far a
 * source was read stands in its bronze tables; this only spares looks that would find nothing.
 */
final class LookStore {

    /** Version of the stored form; a newer one is refused. */
    static final int VERSION = 1;

    private static final TypeReference<Map<String, LookTimes.Times>> TABLES = new TypeReference<>() {};

    private final Storage storage;

    LookStore(Storage storage) {
        this.storage = storage;
    }

    private static String path(TableSource source) {
        return "tarn/looks/" + source.name() + ".json";
    }

    /** Those of the source. Throws {@link TarnException} (LAKE_FORMAT_NEWER, LAKE_DAMAGED). */
    LookTimes read(TableSource source) {
        try {
            JsonNode tree = LakeJson.MAPPER.readTree(storage.read(path(source)));
            int version = tree.path("v").asInt(0);
            if (version > VERSION) {
                throw new TarnException(
                        ErrorCode.LAKE_FORMAT_NEWER,
                        path(source) + " of the lake has version " + version + "; this version of Tarn knows up to "
                                + VERSION + ".",
                        "Use the newer Tarn that wrote it, or delete the file: every table is then looked at once more.");
            }
            if (!tree.path("tables").isObject()) {
                throw new IOException("no tables");
            }
            Map<String, LookTimes.Times> tables = LakeJson.MAPPER.convertValue(tree.path("tables"), TABLES);
            Map<TableName, LookTimes.Times> known = new HashMap<>();
            tables.forEach((table, times) -> known.put(TableName.parse(table), times));
            return new LookTimes(source, known);
        } catch (NoSuchFileException neverLooked) {
            return new LookTimes(source);
        } catch (IOException | IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED,
                    path(source) + " of the lake cannot be read.",
                    "Delete the file: every table of the source is then looked at once more.",
                    e);
        }
    }

    void write(TableSource source, LookTimes times) {
        ObjectNode json = LakeJson.MAPPER.createObjectNode().put("v", VERSION);
        ObjectNode tables = json.putObject("tables");
        times.known().forEach((table, known) -> tables.set(table.toString(), LakeJson.MAPPER.valueToTree(known)));
        try {
            storage.put(path(source), LakeJson.MAPPER.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException("the times of looks at " + source.name() + " cannot be kept", e);
        }
    }
}
