package dev.tarn.engine.storage;

import java.io.IOException;

/** A file that should have stayed as it was has another content. */
public final class FileChangedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param path of the file in the lake */
    public FileChangedException(String path) {
        super(path + " is not the file it was when reading it began");
    }
}
