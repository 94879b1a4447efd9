package dev.tarn.engine.cache;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Parts of files on this machine's disk, no more than a limit of blocks. What a session reads stays until it is closed; of
 * the rest, what was used longest ago goes first.
 */
final class RangeCache {

    private final long limit;

    /** Longest not used first. */
    private final Map<String, CachedFile> files = new LinkedHashMap<>(16, 0.75f, true);

    private long reserved;

    /** Who holds files, as often as it asked for some. */
    private final List<Session> readers = new ArrayList<>();

    private long releases;

    /** @param limitBytes of disk */
    RangeCache(long limitBytes) {
        this.limit = limitBytes / Ranges.BLOCK;
    }

    /** The files in the order of their paths, held until {@link #release}. */
    synchronized List<CachedFile> hold(Session reader, List<LakeFile> wanted) {
        List<CachedFile> held = new ArrayList<>();
        for (LakeFile file : wanted) {
            CachedFile known = files.get(file.path());
            if (known != null && !known.holds(file)) {
                forget(known);
                known = null;
            }
            CachedFile cached = known == null ? new CachedFile(file, reader.newFile(".parquet")) : known;
            files.put(file.path(), cached);
            cached.readers().add(reader);
            held.add(cached);
        }
        readers.add(reader);
        held.sort(Comparator.comparing(CachedFile::path));
        return held;
    }

    /** Takes a whole file over that was written here; answers false, and takes nothing, when there is no room for it. */
    synchronized boolean adopt(LakeFile file, Path local) {
        CachedFile written = new CachedFile(file, local);
        long blocks = written.all().blocks();
        if (blocks > limit || !makeRoom(blocks)) {
            return false;
        }
        written.markWritten();
        written.reserve(written.all());
        reserved += blocks;
        CachedFile before = files.put(file.path(), written);
        if (before != null && before.readers().isEmpty()) {
            delete(before);
        }
        return true;
    }

    /** The file that was made under that name, held until {@link #release}; empty when there is none. */
    synchronized Optional<CachedFile> holdMade(Session reader, String name) {
        return Optional.ofNullable(files.get(name))
                .map(known -> hold(reader, List.of(known.file())).get(0));
    }

    /** As {@link #adopt}, and holds the file; empty when there is no room for it. */
    synchronized Optional<CachedFile> holdMade(Session reader, LakeFile file, Path local) {
        return adopt(file, local) ? holdMade(reader, file.path()) : Optional.empty();
    }

    synchronized void release(Session reader, List<CachedFile> held) {
        for (CachedFile file : held) {
            file.readers().remove(reader);
            if (files.get(file.path()) != file && file.readers().isEmpty()) {
                delete(file);
            }
        }
        readers.remove(reader);
        releases++;
        notifyAll();
    }

    /** Nobody is given the file any more; it goes with its last reader. */
    synchronized void forget(CachedFile file) {
        if (files.remove(file.path(), file) && file.readers().isEmpty()) {
            delete(file);
        }
    }

    /** Forgets those of the files that nobody reads. */
    synchronized void forgetUnread(Predicate<CachedFile> some) {
        for (CachedFile file : List.copyOf(files.values())) {
            if (file.readers().isEmpty() && some.test(file)) {
                forget(file);
            }
        }
    }

    /** Makes room for what is about to be written. */
    synchronized void reserve(Session reader, Map<CachedFile, Ranges> wanted) throws NoRoomException {
        long more = 0;
        for (Map.Entry<CachedFile, Ranges> file : wanted.entrySet()) {
            Ranges before = file.getKey().reserved();
            more += before.with(file.getValue()).blocks() - before.blocks();
        }
        if (!makeRoom(more)) {
            throw new NoRoomException(held(reader) + more, releases);
        }
        wanted.forEach(CachedFile::reserve);
        reserved += more;
    }

    private boolean makeRoom(long more) {
        Iterator<CachedFile> oldest = files.values().iterator();
        while (reserved + more > limit && oldest.hasNext()) {
            CachedFile file = oldest.next();
            if (file.readers().isEmpty()) {
                oldest.remove();
                delete(file);
            }
        }
        return reserved + more <= limit;
    }

    private void delete(CachedFile file) {
        try {
            Files.deleteIfExists(file.local());
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file cannot be deleted: " + file.local(), e);
        }
        reserved -= file.reserved().blocks();
    }

    private long held(Session reader) {
        return files.values().stream()
                .filter(file -> file.readers().contains(reader))
                .mapToLong(file -> file.reserved().blocks())
                .sum();
    }

    /**
     * Waits until another query leaves room, be it too little.
     *
     * @throws TarnException DISK_TOO_SMALL when there is none to wait for, or patience is over
     */
    synchronized void awaitRoom(Session reader, List<LakeFile> wanted, NoRoomException why, long deadline)
            throws InterruptedIOException {
        // One release was that of the reader itself, which found no room.
        while (releases <= why.releases() + 1) {
            boolean others = readers.stream().anyMatch(other -> other != reader);
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (!others || left <= 0) {
                throw tooSmall(reader, wanted, why, others);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while other queries filled the cache");
            }
        }
    }

    private TarnException tooSmall(Session reader, List<LakeFile> wanted, NoRoomException why, boolean others) {
        List<String> paths = new ArrayList<>(wanted.stream().map(LakeFile::path).toList());
        files.values().stream()
                .filter(file -> file.readers().contains(reader))
                .map(CachedFile::path)
                .forEach(paths::add);
        String folders = paths.stream()
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and "));
        return new TarnException(
                ErrorCode.DISK_TOO_SMALL,
                "A query needs " + mebibytes(why.blocks()) + " of " + folders
                        + " on disk, and the cache for files of the lake has " + mebibytes(limit)
                        + (others ? ", most of it in use by other queries." : "."),
                others
                        ? "Run fewer flows at a time or give the process more disk: half of it is for this cache."
                        : "Give the process more disk: half of it is for this cache.",
                why);
    }

    private static String mebibytes(long blocks) {
        return String.format(Locale.ROOT, "%.1f MiB", blocks * Ranges.BLOCK / (double) (1 << 20));
    }
}
