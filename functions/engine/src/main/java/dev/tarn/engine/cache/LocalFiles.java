package dev.tarn.engine.cache;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of the lake as files of this machine. Where they are elsewhere, what a query needs of them is fetched and kept in a
 * cache, whose size is part of the budget. Safe to share.
 */
public final class LocalFiles {

    private static final Logger LOG = LoggerFactory.getLogger(LocalFiles.class);

    /** Longer than a query runs, and shorter than the host lets a function wait. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Storage storage;
    private final Duration patience;
    private final RangeCache cache;
    private final Downloads downloads;

    /** Whether the lake's files are known to be those of this machine. */
    private volatile boolean isHere;

    /** Held by the one query that found no room, until it has what it needs. */
    private final ReentrantLock hungry = new ReentrantLock(true);

    public LocalFiles(Storage storage, DuckDb duckDb) {
        this(storage, duckDb, PATIENCE);
    }

    LocalFiles(Storage storage, DuckDb duckDb, Duration patience) {
        this.storage = storage;
        this.cache = new RangeCache(duckDb.budget().cacheBytes());
        this.patience = patience;
        this.downloads = new Downloads(storage, cache);
    }

    /**
     * The whole file, until the session is closed.
     *
     * @throws NoSuchFileException when there is none
     * @throws TarnException LAKE_DAMAGED or DISK_TOO_SMALL
     */
    public Path whole(Session session, String path) throws IOException {
        Optional<Path> here = storage.localFile(path);
        if (here.isPresent()) {
            return here.get();
        }
        StoredFile found = storage.find(path).orElseThrow(() -> new NoSuchFileException(path));
        LakeFile file = new LakeFile(path, found.size(), found.etag());
        return fetched(session, List.of(file), fetch -> fetch.whole()).get(path);
    }

    /**
     * Parquet files of which {@code columns}, by their names in the files, can be read until the session is closed. Reading
     * another column of them fails. The same order as {@code files}.
     *
     * @param columns asked only when some file is elsewhere and worth reading in part
     * @throws NoSuchFileException when one of them does not exist
     * @throws TarnException LAKE_DAMAGED or DISK_TOO_SMALL
     */
    public List<Path> parquet(Session session, List<LakeFile> files, Supplier<Set<String>> columns) throws IOException {
        Map<String, Path> local = new HashMap<>();
        for (LakeFile file : files) {
            storage.localFile(file.path()).ifPresent(here -> local.put(file.path(), here));
        }
        List<LakeFile> elsewhere = files.stream()
                .filter(file -> !local.containsKey(file.path()))
                .distinct()
                .toList();
        if (!elsewhere.isEmpty()) {
            local.putAll(fetched(session, elsewhere, fetch -> fetch.parquet(columns)));
        }
        return files.stream().map(file -> local.get(file.path())).toList();
    }

    /**
     * Puts a data file into the lake, as {@link Storage#putFile} does. What was written here need not be fetched when it is
     * read.
     */
    public void put(Session session, String path, Path local) throws IOException {
        Optional<Path> kept = isHere ? Optional.empty() : link(session, local);
        boolean adopted = false;
        try {
            LakeFile file = new LakeFile(path, Files.size(local));
            storage.putFile(path, local);
            isHere = storage.localFile(path).isPresent();
            adopted = !isHere && kept.isPresent() && cache.adopt(file, kept.get());
        } finally {
            if (kept.isPresent() && !adopted) {
                Files.deleteIfExists(kept.get());
            }
        }
    }

    private static Optional<Path> link(Session session, Path local) throws IOException {
        try {
            return Optional.of(Files.createLink(session.newFile(".parquet"), local));
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("{} is fetched when it is read: it cannot be kept by a link", local, e);
            return Optional.empty();
        }
    }

    /**
     * A file that is made from the lake's files, once, and then kept like those that are fetched.
     *
     * @param name that no path in the lake is
     * @return where it is until the session is closed
     */
    public Path made(Session session, String name, Supplier<Path> make) throws IOException {
        Optional<CachedFile> known = cache.holdMade(session, name);
        if (known.isEmpty()) {
            Path file = make.get();
            known = cache.holdMade(session, new LakeFile(name, Files.size(file)), file);
            if (known.isEmpty()) {
                session.keep(() -> delete(file));
                return file;
            }
        }
        CachedFile held = known.get();
        session.keep(() -> cache.release(session, List.of(held)));
        return held.local();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file cannot be deleted: " + file, e);
        }
    }

    private interface Work {
        void fetch(Fetch fetch) throws IOException;
    }

    private Map<String, Path> fetched(Session session, List<LakeFile> files, Work work) throws IOException {
        try {
            return held(session, files, work);
        } catch (NoRoomException e) {
            return waiting(session, files, work);
        }
    }

    /** One query at a time, and holding nothing while it waits: two that want to grow would stop each other. */
    private Map<String, Path> waiting(Session session, List<LakeFile> files, Work work) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Set<String> paths = files.stream().map(LakeFile::path).collect(Collectors.toSet());
        boolean first = takeTurn();
        try {
            while (true) {
                // They may be full of columns that this query does not need.
                cache.forgetUnread(file -> paths.contains(file.path()));
                try {
                    return held(session, files, work);
                } catch (NoRoomException e) {
                    cache.awaitRoom(session, files, e, deadline);
                }
            }
        } finally {
            if (first) {
                hungry.unlock();
            }
        }
    }

    private boolean takeTurn() throws InterruptedIOException {
        try {
            return hungry.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while other queries filled the cache");
        }
    }

    /** A file that changed or came in part is fetched anew, once. */
    private Map<String, Path> held(Session session, List<LakeFile> files, Work work) throws IOException {
        Set<String> again = new HashSet<>();
        while (true) {
            List<CachedFile> held = cache.hold(session, files);
            boolean done = false;
            try (Fetch fetch = new Fetch(session, cache, downloads, held)) {
                work.fetch(fetch);
                session.keep(() -> cache.release(session, held));
                done = true;
                Map<String, Path> local = new HashMap<>();
                held.forEach(file -> local.put(file.path(), file.local()));
                return local;
            } catch (SpoiledFileException e) {
                held.stream().filter(file -> file.path().equals(e.path())).forEach(cache::forget);
                if (!again.add(e.path())) {
                    throw new TarnException(
                            ErrorCode.LAKE_DAMAGED,
                            e.getMessage() + ", twice in a row.",
                            "Restore the file from a backup.",
                            e);
                }
            } finally {
                if (!done) {
                    cache.release(session, held);
                }
            }
        }
    }
}
