package dev.tarn.connect.inbox;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of one inbox, oldest first. */
final class InboxFiles {

    private static final int MOST_FILES = 2_000;
    private static final long MOST_BYTES = 64_000_000;

    private final Storage storage;
    private final String endpoint;

    InboxFiles(Storage storage, String endpoint) {
        this.storage = storage;
        this.endpoint = endpoint;
    }

    /** All that are there. */
    List<StoredFile> all() throws IOException {
        return storage.list(InboxPath.folder(endpoint), "").stream()
                .filter(file -> InboxPath.endpoint(file.path()).isPresent())
                .toList();
    }

    /** The first ones, that fit into one commit and lie no further apart than {@code span}. */
    static List<StoredFile> window(List<StoredFile> files, Duration span) {
        List<StoredFile> window = new ArrayList<>();
        long bytes = 0;
        for (StoredFile file : files) {
            bytes += file.size();
            Instant first = InboxPath.begun((window.isEmpty() ? file : window.get(0)).path());
            boolean fits = bytes <= MOST_BYTES
                    && window.size() < MOST_FILES
                    && !InboxPath.begun(file.path()).isAfter(first.plus(span));
            if (!window.isEmpty() && !fits) {
                return window;
            }
            window.add(file);
        }
        return window;
    }

    /**
     * Files that were written into one of this machine.
     *
     * @param longest line, in bytes; 0 when none of the files is there any more
     */
    record Copied(List<StoredFile> files, int longest) {
        Copied {
            files = List.copyOf(files);
        }
    }

    /** Writes those of the files that can be read into one of this machine, and keeps the others aside. */
    Copied copy(List<StoredFile> files, Path local, UnreadableFiles unreadable) throws IOException {
        int longest = 0;
        List<StoredFile> copied = new ArrayList<>();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(local))) {
            for (StoredFile file : files) {
                byte[] content = content(file);
                Optional<String> reason = InboxLines.unreadable(content);
                if (reason.isPresent()) {
                    unreadable.keep(file, content, reason.get());
                } else {
                    out.write(content);
                    longest = Math.max(longest, longestLine(content));
                    copied.add(file);
                }
            }
        }
        return new Copied(copied, longest);
    }

    /** Whoever brought it in before its lease ended has deleted it. */
    byte[] content(StoredFile file) throws IOException {
        try {
            return storage.read(file.path());
        } catch (NoSuchFileException broughtIn) {
            return new byte[0];
        }
    }

    private static int longestLine(byte[] content) {
        int longest = 0;
        int from = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == '\n') {
                longest = Math.max(longest, at + 1 - from);
                from = at + 1;
            }
        }
        return Math.max(longest, content.length - from);
    }

    void delete(List<StoredFile> files) throws IOException {
        for (StoredFile file : files) {
            storage.delete(file.path());
        }
    }
}
