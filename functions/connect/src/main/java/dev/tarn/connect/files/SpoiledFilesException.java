package dev.tarn.connect.files;

import java.util.Map;
import java.util.Set;

/** Some files of a batch are not what they were taken for; the others can be landed without them. */
final class SpoiledFilesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Map<TakenFile, UnreadableFileException> unreadable;
    private final transient Set<TakenFile> changed;

    /** @param changed are to be left for later */
    SpoiledFilesException(Map<TakenFile, UnreadableFileException> unreadable, Set<TakenFile> changed) {
        super("files of a batch cannot be landed as they are", null, false, false);
        this.unreadable = Map.copyOf(unreadable);
        this.changed = Set.copyOf(changed);
    }

    Map<TakenFile, UnreadableFileException> unreadable() {
        return unreadable;
    }

    Set<TakenFile> changed() {
        return changed;
    }
}
