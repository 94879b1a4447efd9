package dev.tarn.connect.files;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The bytes of one version of a file, a part at a time. Another version of it is never read for this one. */
final class StoredContent extends InputStream {

    private static final int PART = 8 << 20;

    private final Storage storage;
    private final StoredFile file;
    private byte[] part = new byte[0];
    private int at;
    private long offset;

    private StoredContent(Storage storage, StoredFile file) {
        this.storage = storage;
        this.file = file;
    }

    /** Of a file of this machine the content may be that of a later version: whoever reads asks for its etag afterwards. */
    static InputStream open(Storage storage, StoredFile file) throws IOException {
        Optional<Path> local = storage.localFile(file.path());
        return local.isPresent() ? Files.newInputStream(local.get()) : new StoredContent(storage, file);
    }

    private boolean fill() throws IOException {
        if (at < part.length) {
            return true;
        }
        int length = (int) Math.min(PART, file.size() - offset);
        if (length == 0) {
            return false;
        }
        part = storage.read(file.path(), offset, length, file.etag()).bytes();
        offset += length;
        at = 0;
        return true;
    }

    @Override
    public int read() throws IOException {
        return fill() ? part[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(length, part.length - at);
        System.arraycopy(part, at, bytes, from, taken);
        at += taken;
        return taken;
    }
}
