package dev.tarn.connect.alarm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.AlarmType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people were told of: {@code tarn/alarms/open.json}. Whoever reads it to write it holds the lease of the alarms.
 *
 * @param alarms by the keys of their causes
 */
record OpenAlarms(Map<String, Entry> alarms) {

    /** Version of the stored form. */
    private static final int VERSION = 1;

    private static final String PATH = "tarn/alarms/open.json";
    private static final TypeReference<Map<String, Entry>> ENTRIES = new TypeReference<>() {};

    /**
     * One alarm.
     *
     * @param since when it was found
     * @param told when people were told of it last, null before they were
     * @param setAside whether they were told that nobody tries again
     * @param mended when they were told that it is over, null before
     */
    record Entry(
            AlarmType type,
            String table,
            Instant since,
            @Nullable Instant told,
            boolean setAside,
            @Nullable Instant mended) {}

    OpenAlarms {
        alarms = new TreeMap<>(alarms);
    }

    /** One that cannot be read, or of a newer Tarn, counts as none: people are then told once more. */
    static OpenAlarms read(Storage storage) {
        try {
            JsonNode tree = LakeJson.MAPPER.readTree(storage.read(PATH));
            if (tree.path("v").asInt() != VERSION) {
                return new OpenAlarms(Map.of());
            }
            return new OpenAlarms(LakeJson.MAPPER.convertValue(tree.path("alarms"), ENTRIES));
        } catch (NoSuchFileException nobodyWasTold) {
            return new OpenAlarms(Map.of());
        } catch (JsonProcessingException | IllegalArgumentException damaged) {
            return new OpenAlarms(Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(PATH + " of the lake cannot be read", e);
        }
    }

    void write(Storage storage) {
        ObjectNode json = LakeJson.MAPPER.createObjectNode().put("v", VERSION);
        json.set("alarms", LakeJson.MAPPER.valueToTree(alarms));
        try {
            storage.put(PATH, LakeJson.MAPPER.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(PATH + " of the lake cannot be written", e);
        }
    }

    /** Keys of what is not over, as far as people know. */
    List<String> open() {
        return alarms.entrySet().stream()
                .filter(alarm -> alarm.getValue().mended() == null)
                .map(Map.Entry::getKey)
                .toList();
    }
}
