package dev.tarn.engine.kernel;

import dev.tarn.engine.storage.StoredFile;
import io.delta.kernel.utils.FileStatus;

/** A file as a listing showed it. Kernel carries it along, so what is read later is what was listed. */
final class ListedFile extends FileStatus {

    private final String etag;

    ListedFile(StoredFile file) {
        super(KernelEngine.kernelPath(file.path()), file.size(), file.modified().toEpochMilli());
        this.etag = file.etag();
    }

    String etag() {
        return etag;
    }

    boolean isSameAs(FileStatus other) {
        return other instanceof ListedFile listed && listed.getPath().equals(getPath()) && listed.etag.equals(etag);
    }
}
