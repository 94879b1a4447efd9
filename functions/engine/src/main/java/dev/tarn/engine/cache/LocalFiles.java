package dev.tarn.engine.cache;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Files of the lake, which never change, as files of this machine. Safe to share. */
public final class LocalFiles {

    private final Storage storage;
    private final DuckDb duckDb;
    private final Map<String, Path> fetched = new ConcurrentHashMap<>();

    public LocalFiles(Storage storage, DuckDb duckDb) {
        this.storage = storage;
        this.duckDb = duckDb;
    }

    /** The file, fetched when it is elsewhere. Throws {@link java.nio.file.NoSuchFileException} when there is none. */
    public Path whole(String path) throws IOException {
        Optional<Path> here = storage.localFile(path);
        if (here.isPresent()) {
            return here.get();
        }
        Path known = fetched.get(path);
        if (known != null) {
            return known;
        }
        try (Session session = duckDb.session()) {
            Path file = Files.write(session.newFile(".parquet"), storage.read(path));
            fetched.put(path, file);
            return file;
        }
    }
}
