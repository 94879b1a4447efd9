package dev.tarn.connect.inbox;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files of an inbox that could not be read, kept as they were found beside the inbox, {@code tarn/inbox-unreadable/<endpoint>},
 * each with its reason. Nothing of them is deleted but by {@link #putBack}, once they can be read.
 */
public final class UnreadableFiles {

    private static final String FOLDER = "tarn/inbox-unreadable/";
    private static final String REASON = ".reason";

    private final Storage storage;
    private final String endpoint;

    public UnreadableFiles(Storage storage, String endpoint) {
        this.storage = storage;
        this.endpoint = requireNonNull(endpoint, "endpoint");
    }

    /**
     * One of them.
     *
     * @param reason a sentence
     * @param since when it was put aside
     */
    public record Unreadable(String path, String reason, Instant since) {
        public Unreadable {
            requireNonNull(path, "path");
            requireNonNull(reason, "reason");
            requireNonNull(since, "since");
        }
    }

    /** Copies a file of the inbox; who does so deletes it in the inbox thereafter. */
    void keep(StoredFile file, byte[] content, String reason) throws IOException {
        String path = folder() + "/" + file.name();
        // The reason first: what has none yet would look as if it could be read.
        storage.put(
                path + REASON,
                LakeJson.MAPPER.writeValueAsBytes(
                        LakeJson.MAPPER.createObjectNode().put("v", 1).put("reason", reason)));
        storage.put(path, content);
    }

    /** All of them, oldest first. */
    public List<Unreadable> all() {
        try {
            List<Unreadable> all = new ArrayList<>();
            for (StoredFile file : files()) {
                all.add(new Unreadable(file.path(), reason(file), file.modified()));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable files of " + endpoint, e);
        }
    }

    /**
     * What became of files that were to be put back.
     *
     * @param back into the inbox
     * @param left that still cannot be read, with their reasons of now
     */
    public record PutBack(int back, List<Unreadable> left) {
        public PutBack {
            left = List.copyOf(left);
        }
    }

    /** Puts those back into the inbox that can be read now: somebody has mended them. */
    public PutBack putBack() {
        try {
            int back = 0;
            List<Unreadable> left = new ArrayList<>();
            for (StoredFile file : files()) {
                byte[] content = storage.read(file.path());
                Optional<String> reason = InboxLines.unreadable(content);
                if (reason.isPresent()) {
                    left.add(new Unreadable(file.path(), reason.get(), file.modified()));
                } else {
                    storage.put(InboxPath.folder(endpoint) + "/" + file.name(), content);
                    storage.delete(file.path());
                    storage.delete(file.path() + REASON);
                    back++;
                }
            }
            return new PutBack(back, left);
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable files of " + endpoint, e);
        }
    }

    private String folder() {
        return FOLDER + endpoint;
    }

    private List<StoredFile> files() throws IOException {
        return storage.list(folder(), "").stream()
                .filter(file -> InboxPath.isFile(file.name()))
                .toList();
    }

    private String reason(StoredFile file) throws IOException {
        try {
            JsonNode kept = LakeJson.MAPPER.readTree(storage.read(file.path() + REASON));
            return kept.path("reason").asText("No reason was kept.");
        } catch (NoSuchFileException none) {
            return "No reason was kept.";
        }
    }
}
