package dev.tarn.engine.kernel;

import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TarnException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checkpoints that turned out to be unreadable. They are left out of listings from then on: a log that holds the commits
 * which a checkpoint sums up is complete without it. Another file in the place of one is looked at anew. Safe to share.
 */
final class DamagedCheckpoints {

    private record Content(String path, String etag) {}

    /** Marks the refusal of a checkpoint among all others. */
    private static final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Content content;

        UnreadableException(Content content, RuntimeException cause) {
            super(cause.getMessage(), cause);
            this.content = content;
        }
    }

    private final Set<Content> contents = ConcurrentHashMap.newKeySet();

    /** Notes the file, and answers its refusal. */
    TarnException add(StoredFile file, String why, RuntimeException cause) {
        Content content = new Content(file.path(), file.etag());
        contents.add(content);
        return LogDamage.of(file.path(), why, new UnreadableException(content, cause));
    }

    static boolean isRefusalOfOne(TarnException refusal) {
        return refusal.getCause() instanceof UnreadableException;
    }

    /** Has the checkpoint listed again, because its log is nothing without. */
    void forget(TarnException refusal) {
        if (refusal.getCause() instanceof UnreadableException unreadable) {
            contents.remove(unreadable.content);
        }
    }

    boolean has(StoredFile file) {
        return contents.contains(new Content(file.path(), file.etag()));
    }

    boolean has(ListedFile file) {
        return contents.contains(new Content(KernelEngine.storagePath(file.getPath()), file.etag()));
    }
}
