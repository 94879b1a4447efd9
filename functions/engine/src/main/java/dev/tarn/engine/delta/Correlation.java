package dev.tarn.engine.delta;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Id of what caused the work that a thread does: a tick of a clock, events that came. It is kept with every commit, so whoever
 * is woken by the commit goes on under the same id. No work depends on it, and work that has none commits none.
 */
public final class Correlation {

    /** Among the parameters of the operation, where every reader of the table's history shows it. */
    static final String PARAMETER = "tarn.correlation";

    /** It comes into logs, and whoever writes to the lake can choose it. */
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z._:/-]{1,120}");

    /** Of the first line of a commit. A longer one, of another writer, is not read. */
    private static final int MOST_BYTES = 1 << 16;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    private Correlation() {}

    /** Does the work under that id; under none when the id is none. */
    public static <T> T during(String id, Supplier<T> work) {
        String before = CURRENT.get();
        CURRENT.set(ID.matcher(id).matches() ? id : null);
        try {
            return work.get();
        } finally {
            CURRENT.set(before);
        }
    }

    /** The id under which this thread works. */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The id that a commit was made under. Whatever the file is, it is not refused: the answer is empty. */
    public static Optional<String> ofCommit(byte[] file) {
        int end = 0;
        while (end < file.length && file[end] != '\n') {
            end++;
        }
        if (end > MOST_BYTES) {
            return Optional.empty();
        }
        try {
            JsonNode id = JSON.readTree(new String(file, 0, end, UTF_8))
                    .path("commitInfo")
                    .path("operationParameters")
                    .path(PARAMETER);
            return Optional.of(id.asText()).filter(text -> ID.matcher(text).matches());
        } catch (IOException foreign) {
            return Optional.empty();
        }
    }

    /** The parameters of a commit that this thread makes. */
    static Map<String, String> added(Map<String, String> parameters) {
        String id = CURRENT.get();
        if (id == null) {
            return parameters;
        }
        Map<String, String> all = new TreeMap<>(parameters);
        all.put(PARAMETER, id);
        return all;
    }
}
