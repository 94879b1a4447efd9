package dev.tarn.engine.cache;

import dev.tarn.engine.duckdb.Session;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Brings what one query needs of some files. Nobody else fetches of them meanwhile; the files are locked in the order of
 * their paths, so that two queries cannot wait for each other.
 */
final class Fetch implements AutoCloseable {

    /** A file up to this size is read in one go, in bytes: a second request would take longer than its rest. */
    private static final long SMALL = 1 << 20;

    /** Bytes of the first look at a larger one, in which the footer of most files is. */
    private static final long TAIL = 64 << 10;

    /** Bytes between two ranges that are read along, because another request would take longer. */
    private static final long GAP = 32 << 10;

    /** The part of a file above which all of it is read. */
    private static final double MOST = 0.6;

    private final Session session;
    private final RangeCache cache;
    private final Downloads downloads;
    private final List<CachedFile> files;

    Fetch(Session session, RangeCache cache, Downloads downloads, List<CachedFile> files) {
        this.session = session;
        this.cache = cache;
        this.downloads = downloads;
        this.files = files;
        files.forEach(file -> file.fetching().lock());
    }

    private interface Need {
        Ranges of(CachedFile file) throws IOException;
    }

    void whole() throws IOException {
        bring(files, CachedFile::all);
    }

    void parquet(Supplier<Set<String>> columns) throws IOException {
        bring(files, Fetch::end);
        bring(inPart(), ParquetFooters::range);
        if (inPart().isEmpty()) {
            return;
        }
        Set<String> needed = columns.get();
        List<CachedFile> lacking = inPart().stream()
                .filter(file -> !file.columns().containsAll(needed))
                .toList();
        Map<CachedFile, Ranges> chunks = ParquetFooters.chunks(session, lacking, needed);
        bring(lacking, file -> worthwhile(file, chunks.get(file)));
        lacking.forEach(file -> file.columns().addAll(needed));
    }

    private List<CachedFile> inPart() {
        return files.stream().filter(file -> !file.isWhole()).toList();
    }

    private static Ranges end(CachedFile file) {
        return file.size() <= SMALL ? file.all() : Ranges.of(file.size() - TAIL, file.size());
    }

    private static Ranges worthwhile(CachedFile file, Ranges chunks) {
        return chunks.bytes() > MOST * file.size() ? file.all() : chunks;
    }

    private void bring(List<CachedFile> some, Need need) throws IOException {
        Map<CachedFile, Ranges> missing = new LinkedHashMap<>();
        for (CachedFile file : some) {
            Ranges lacking = file.missing(need.of(file));
            if (!lacking.isEmpty()) {
                missing.put(file, lacking.bridged(GAP));
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        cache.reserve(session, missing);
        boolean done = false;
        try {
            session.addFetchedBytes(downloads.fetch(missing));
            done = true;
        } finally {
            if (!done) {
                // The beginning of a column without its end could be read as if it were all of it.
                missing.keySet().forEach(cache::forget);
            }
        }
    }

    @Override
    public void close() {
        files.forEach(file -> file.fetching().unlock());
    }
}
