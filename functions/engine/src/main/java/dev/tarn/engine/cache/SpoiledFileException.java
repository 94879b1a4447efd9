package dev.tarn.engine.cache;

import java.io.IOException;

/** What was fetched of a file cannot be used. */
final class SpoiledFileException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String path;

    /** @param why the rest of a sentence that begins with the path */
    SpoiledFileException(String path, String why) {
        super(path + " " + why);
        this.path = path;
    }

    String path() {
        return path;
    }
}
