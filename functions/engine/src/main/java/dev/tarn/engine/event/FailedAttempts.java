package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What fails, and how often it has: {@code tarn/attempts/<kind>/<name>.json} for as long as it does. Two processes that
 * fail at once may count as one. Safe to share.
 */
public final class FailedAttempts {

    /** Version of the stored form. */
    static final int VERSION = 1;

    private static final String END = ".json";

    private final Storage storage;

    public FailedAttempts(Storage storage) {
        this.storage = storage;
    }

    /** What is known of its failures; empty when it does not fail. */
    public Optional<Attempts> find(UpdateRecord.Kind kind, String name) {
        return read(path(kind, name));
    }

    /** All of that kind that fail. */
    public List<Attempts> all(UpdateRecord.Kind kind) {
        List<Attempts> all = new ArrayList<>();
        try {
            for (StoredFile file : storage.list(folder(kind), "")) {
                if (file.path().endsWith(END)) {
                    read(file.path()).ifPresent(all::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what fails in the lake cannot be listed", e);
        }
        return all;
    }

    /**
     * Counts a failure.
     *
     * @param input over which it failed; over another one than before, the count begins anew
     * @param update that the event log tells of, null when it tells of none
     * @return with this one
     */
    public Attempts failed(
            UpdateRecord.Kind kind,
            String name,
            String input,
            UpdateRecord.Failure failure,
            @Nullable String update,
            Instant now) {
        Optional<Attempts> before = find(kind, name);
        int count = before.filter(known -> known.input().equals(input))
                        .map(Attempts::count)
                        .orElse(0)
                + 1;
        Attempts attempts = new Attempts(
                kind, name, input, count, before.map(Attempts::since).orElse(now), now, update, failure);
        ObjectNode json = LakeJson.MAPPER.createObjectNode().put("v", VERSION);
        json.setAll((ObjectNode) LakeJson.MAPPER.valueToTree(attempts));
        try {
            storage.put(path(kind, name), LakeJson.MAPPER.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException("that " + name + " failed cannot be kept", e);
        }
        return attempts;
    }

    /**
     * Counts the failure of something that has no input. That it could not be counted is told beside it.
     *
     * @param update as for {@link #failed}
     */
    public void count(
            UpdateRecord.Kind kind, String name, TarnException refusal, @Nullable String update, Instant now) {
        try {
            failed(kind, name, "", UpdateRecord.Failure.of(refusal), update, now);
        } catch (RuntimeException uncounted) {
            refusal.addSuppressed(uncounted);
        }
    }

    /** Forgets its failures: it succeeded, or is to be tried as if it never failed. */
    public void forget(UpdateRecord.Kind kind, String name) {
        try {
            storage.delete(path(kind, name));
        } catch (IOException e) {
            throw new UncheckedIOException("the failures of " + name + " cannot be forgotten", e);
        }
    }

    /** What cannot be read, or a newer Tarn wrote, counts as nothing: it costs attempts that fail, and no row. */
    private Optional<Attempts> read(String path) {
        byte[] content;
        try {
            content = storage.read(path);
        } catch (NoSuchFileException doesNotFail) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " of the lake cannot be read", e);
        }
        try {
            JsonNode tree = LakeJson.MAPPER.readTree(content);
            if (tree instanceof ObjectNode json && json.path("v").asInt() == VERSION) {
                json.remove("v");
                return Optional.of(LakeJson.MAPPER.treeToValue(json, Attempts.class));
            }
            return Optional.empty();
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    private static String folder(UpdateRecord.Kind kind) {
        return "tarn/attempts/" + kind.name().toLowerCase(Locale.ROOT);
    }

    private static String path(UpdateRecord.Kind kind, String name) {
        String file = URLEncoder.encode(name, UTF_8).replace("*", "%2A").replace('%', '=');
        return folder(kind) + "/" + file + END;
    }
}
