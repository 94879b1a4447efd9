package dev.tarn.engine.kernel;

import dev.tarn.engine.storage.FilePart;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contents of log files that were listed, the latest asked for kept in memory: Kernel reads the commits since a
 * checkpoint anew for every question about every version. Safe to share.
 */
final class LogContents {

    /** Some thousand commits of a few files each. */
    static final long MOST_BYTES = 8L << 20;

    private final Storage storage;
    private final Map<String, FilePart> contents = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    LogContents(Storage storage) {
        this.storage = storage;
    }

    /**
     * The content of the file that was listed. Throws {@link dev.tarn.engine.storage.FileChangedException} when another
     * one is in its place: the table was made anew since.
     */
    byte[] read(ListedFile file) throws IOException {
        String path = KernelEngine.storagePath(file.getPath());
        FilePart known = known(path);
        if (known != null && known.etag().equals(file.etag())) {
            return known.bytes();
        }
        FilePart content = storage.read(path, 0, Math.toIntExact(file.getSize()), file.etag());
        keep(path, content);
        return content.bytes();
    }

    private synchronized @Nullable FilePart known(String path) {
        return contents.get(path);
    }

    private synchronized void keep(String path, FilePart content) {
        // One large commit is no reason to forget all others.
        if (content.bytes().length > MOST_BYTES / 8) {
            return;
        }
        FilePart before = contents.put(path, content);
        bytes += content.bytes().length - (before == null ? 0 : before.bytes().length);
        Iterator<FilePart> eldest = contents.values().iterator();
        while (bytes > MOST_BYTES) {
            bytes -= eldest.next().bytes().length;
            eldest.remove();
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}
