package dev.tarn.connect.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.Layer;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file named as the commit of a table that no lake can have. Whoever hears of it in a container puts it into the next one,
 * with the time at which it was heard of; from gold its times go to {@code tarn/canary}. So it takes the way of every row,
 * and what lies in a container for long has met an event that does not arrive.
 */
public final class Canary {

    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final String FOLDER = "/_canary/_delta_log";
    private static final String PASSED = "tarn/canary";
    private static final Pattern FILE = Pattern.compile("(bronze|silver|gold)" + FOLDER + "/([0-9]{14})\\.json");
    private static final Pattern NAME = Pattern.compile("[0-9]{14}\\.json");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
    private static final TypeReference<Map<Layer, Instant>> TIMES = new TypeReference<>() {};

    private final Lake lake;
    private final Storage storage;

    public Canary(Lake lake) {
        this.lake = lake;
        this.storage = lake.storage();
    }

    /** Whether the file is a canary's, for {@link #heard}. */
    public static boolean isAt(String path) {
        return FILE.matcher(path).matches();
    }

    /** Lets the canary at {@code path} go on. A repeated event, and one of a canary that is gone, does nothing. */
    public void heard(String path) throws IOException {
        Matcher file = FILE.matcher(path);
        if (!file.matches()) {
            throw new IllegalArgumentException("no canary lies at " + path);
        }
        Layer container = Layer.valueOf(file.group(1).toUpperCase(Locale.ROOT));
        String name = file.group(2) + ".json";
        Map<Layer, Instant> times;
        try {
            times = times(storage.read(path));
        } catch (NoSuchFileException gone) {
            return;
        }
        times.put(container, lake.clock().instant());
        String next =
                switch (container) {
                    case BRONZE -> Layer.SILVER.folder() + FOLDER;
                    case SILVER -> Layer.GOLD.folder() + FOLDER;
                    default -> PASSED;
                };
        storage.putIfAbsent(next + "/" + name, content(times));
        storage.delete(path);
    }

    /**
     * Sends a canary when the last one is an hour old, and tells of one that waits in vain.
     *
     * @param told hears sentences
     */
    public void look(Consumer<String> told) throws IOException {
        List<StoredFile> files = files();
        Instant now = lake.clock().instant();
        Optional<Passage> last = newest(files);
        last.filter(passage -> passage.isLate(now))
                .ifPresent(late -> told.accept("The canary of " + late.sent() + " waits in "
                        + late.waitsIn().folder() + ": events of that container do not arrive."));
        if (last.isEmpty() || Duration.between(last.get().sent(), now).compareTo(EVERY) >= 0) {
            String name = TIME.format(now.atOffset(ZoneOffset.UTC)) + ".json";
            storage.putIfAbsent(Layer.BRONZE.folder() + FOLDER + "/" + name, content(Map.of()));
        }
        for (StoredFile file : files) {
            if (Duration.between(sent(file), now).compareTo(KEPT) > 0) {
                storage.delete(file.path());
            }
        }
    }

    /** The canary sent last; empty before there was one. */
    public Optional<Passage> last() throws IOException {
        return newest(files());
    }

    /** The canary sent last, when it waits for an event longer than one takes. */
    public Optional<Passage> late() throws IOException {
        Instant now = lake.clock().instant();
        return last().filter(passage -> passage.isLate(now));
    }

    /** Where one lies in two containers, since whoever passed it on has ended, it is in the later one. */
    private List<StoredFile> files() throws IOException {
        List<StoredFile> files = new ArrayList<>(storage.list(PASSED, ""));
        for (Layer layer : List.of(Layer.GOLD, Layer.SILVER, Layer.BRONZE)) {
            files.addAll(storage.list(layer.folder() + FOLDER, ""));
        }
        files.removeIf(file -> !NAME.matcher(file.name()).matches());
        return files;
    }

    private Optional<Passage> newest(List<StoredFile> files) throws IOException {
        Optional<Instant> newest = files.stream().map(Canary::sent).max(Comparator.naturalOrder());
        for (StoredFile file : files) {
            if (newest.isPresent() && sent(file).equals(newest.get())) {
                try {
                    return Optional.of(new Passage(newest.get(), times(storage.read(file.path()))));
                } catch (NoSuchFileException goingOn) {
                    return Optional.of(new Passage(newest.get(), Map.of()));
                }
            }
        }
        return Optional.empty();
    }

    private static Instant sent(StoredFile file) {
        String time = file.name().substring(0, file.name().indexOf('.'));
        return TIME.withZone(ZoneOffset.UTC).parse(time, Instant::from);
    }

    private static byte[] content(Map<Layer, Instant> times) {
        ObjectNode json = LakeJson.MAPPER.createObjectNode();
        json.set("heard", LakeJson.MAPPER.valueToTree(times));
        return json.toString().getBytes(UTF_8);
    }

    /** One that somebody else put there, as a deployment does, has been heard of by nobody. */
    private static Map<Layer, Instant> times(byte[] content) throws IOException {
        try {
            JsonNode heard = LakeJson.MAPPER.readTree(content).path("heard");
            Map<Layer, Instant> times = new EnumMap<>(Layer.class);
            if (heard.isObject()) {
                times.putAll(LakeJson.MAPPER.convertValue(heard, TIMES));
            }
            return times;
        } catch (JsonProcessingException | IllegalArgumentException foreign) {
            return new EnumMap<>(Layer.class);
        }
    }
}
