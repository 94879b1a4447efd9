package dev.tarn.engine.lake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** The file that says how a lake is laid out, {@code tarn/format.json}: {@code {"layout":1}}. */
final class LakeFormat {

    static final String PATH = "tarn/format.json";
    static final int LAYOUT = 1;

    /** Streaming: every start reads this file, and mapping to objects costs hundreds of classes. */
    private static final JsonFactory JSON = new JsonFactory();

    private LakeFormat() {}

    /** Checks the lake's layout, or gives a new lake its own. Refuses a newer layout and a root that cannot be written. */
    static void check(Storage storage) {
        byte[] content;
        try {
            content = content(storage);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.LAKE_NOT_WRITABLE,
                    "The lake at " + storage + " cannot be written: "
                            + e.getClass().getSimpleName() + " at " + PATH + ".",
                    "Choose another place with --root, or give this user the right to create folders and files there.",
                    e);
        }
        int layout = layoutOf(storage, content);
        if (layout > LAYOUT) {
            throw new TarnException(
                    ErrorCode.LAKE_FORMAT_NEWER,
                    "The lake at " + storage + " has layout " + layout + "; this version of Tarn knows up to " + LAYOUT
                            + ".",
                    "Use the newer Tarn that wrote it, or another --root. Nothing was changed.");
        }
    }

    private static byte[] content(Storage storage) throws IOException {
        try {
            return storage.read(PATH);
        } catch (NoSuchFileException newLake) {
            storage.putIfAbsent(PATH, ("{\"layout\":" + LAYOUT + "}").getBytes(StandardCharsets.UTF_8));
            return storage.read(PATH);
        }
    }

    private static int layoutOf(Storage storage, byte[] content) {
        int layout = 0;
        try (JsonParser json = JSON.createParser(content)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean named = json.currentName().equals("layout");
                    json.nextToken();
                    layout = named ? json.getValueAsInt() : layout;
                    json.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            throw damaged(storage, e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        if (layout < 1) {
            throw damaged(storage, null);
        }
        return layout;
    }

    private static TarnException damaged(Storage storage, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.LAKE_DAMAGED,
                "The lake at " + storage + " has a " + PATH + " without a layout.",
                "Restore the file from a backup; it holds {\"layout\":" + LAYOUT + "} in a lake of this version.",
                cause);
    }
}
