package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Which content an id stands for, where other content is refused: a file for each id, which the first of all processes makes.
 * The event itself is written after it, so that an event is never durable under a claimed id of other content.
 */
final class IdClaims {

    private static final int HASH = 64;

    private final Storage storage;
    private final String folder;
    private final Duration remember;

    IdClaims(Storage storage, String endpoint, Duration remember) {
        this.storage = storage;
        this.folder = "tarn/inbox-ids/" + endpoint;
        this.remember = remember;
    }

    /** Whether the id stands for this content, now and as long as ids are remembered. */
    boolean claim(String id, String content, Instant now) throws IOException {
        String path = folder + "/" + HexFormat.of().formatHex(SenderCheck.sha256(id.getBytes(UTF_8)));
        byte[] claim = (content + " " + now.toEpochMilli()).getBytes(US_ASCII);
        while (!storage.putIfAbsent(path, claim)) {
            try {
                String there = new String(storage.read(path), US_ASCII);
                if (!isOld(Long.parseLong(there.substring(HASH + 1)), now)) {
                    return there.startsWith(content);
                }
                storage.delete(path);
            } catch (NoSuchFileException deleted) {
                continue;
            }
        }
        return true;
    }

    /** Deletes those that hold no longer. */
    void clean(Instant now) throws IOException {
        for (StoredFile file : storage.list(folder, "")) {
            if (isOld(file.modified().toEpochMilli(), now)) {
                storage.delete(file.path());
            }
        }
    }

    private boolean isOld(long millis, Instant now) {
        return Instant.ofEpochMilli(millis).plus(remember).isBefore(now);
    }
}
