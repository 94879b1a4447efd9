package dev.tarn.engine.cache;

import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.engine.storage.FilePart;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ranged reads, several at a time. */
final class Downloads {

    /** Reads at one time, of all queries together. */
    private static final int PARALLEL = 8;

    /** Bytes of the longest read, which the heap holds {@link #PARALLEL} times. */
    private static final int LONGEST = 2 << 20;

    private final Storage storage;
    private final RangeCache cache;
    private final ThreadPoolExecutor pool;

    Downloads(Storage storage, RangeCache cache) {
        this.storage = storage;
        this.cache = cache;
        this.pool = new ThreadPoolExecutor(
                PARALLEL, PARALLEL, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Downloads::thread);
        pool.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "tarn-fetch");
        thread.setDaemon(true);
        return thread;
    }

    private record Part(CachedFile file, Ranges.Range range) {}

    /**
     * Brings the ranges, for which room has been made.
     *
     * @return bytes that were read
     * @throws SpoiledFileException when a file is not what it was, or shorter than it should be
     */
    long fetch(Map<CachedFile, Ranges> wanted) throws IOException {
        AtomicBoolean failed = new AtomicBoolean();
        List<Callable<Long>> reads = new ArrayList<>();
        wanted.forEach((file, ranges) ->
                ranges.parts(LONGEST).forEach(range -> reads.add(() -> unless(failed, new Part(file, range)))));
        try {
            long bytes = 0;
            for (Future<Long> read : pool.invokeAll(reads)) {
                bytes += read.get();
            }
            return bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were fetched");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static IOException rethrown(Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return (IOException) cause;
    }

    /** A failure ends the whole: what has not begun then need not begin. */
    private long unless(AtomicBoolean failed, Part part) throws IOException {
        if (failed.get()) {
            return 0;
        }
        boolean done = false;
        try {
            read(part);
            done = true;
            return part.range.length();
        } finally {
            if (!done) {
                failed.set(true);
            }
        }
    }

    private void read(Part part) throws IOException {
        String path = part.file.path();
        String etag = part.file.etag();
        FilePart read;
        try {
            read = etag == null
                    ? storage.read(path, part.range.from(), part.range.length())
                    : storage.read(path, part.range.from(), part.range.length(), etag);
        } catch (FileChangedException e) {
            throw new SpoiledFileException(path, "was changed while it was being read");
        } catch (EOFException e) {
            throw new SpoiledFileException(path, "is shorter than the log says");
        }
        if (read.bytes().length != part.range.length()) {
            throw new SpoiledFileException(path, "came in part");
        }
        part.file.pin(read.etag());
        write(part, read.bytes());
    }

    private void write(Part part, byte[] bytes) throws IOException {
        try {
            part.file.write(part.range.from(), bytes);
        } catch (IOException full) {
            cache.forgetUnread(file -> true);
            try {
                part.file.write(part.range.from(), bytes);
            } catch (IOException stillFull) {
                stillFull.addSuppressed(full);
                throw new TarnException(
                        ErrorCode.DISK_TOO_SMALL,
                        "Files of the lake cannot be kept in "
                                + part.file.local().getParent() + ": " + stillFull.getMessage() + ".",
                        "Free some space there, or choose another folder for temporary files.",
                        stillFull);
            }
        }
    }
}
