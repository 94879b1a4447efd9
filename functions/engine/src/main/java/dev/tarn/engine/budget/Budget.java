package dev.tarn.engine.budget;

import com.sun.management.OperatingSystemMXBean;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one process may use. Memory beyond the two parts named here (code, threads, buffers of the operating system's
 * libraries) is left over by {@link #ofMachine}.
 *
 * @param heapBytes of the Java heap; set by whoever starts the process, checked here
 * @param duckdbMemoryBytes DuckDB's {@code memory_limit}
 * @param spillBytes what DuckDB may put on disk when memory does not suffice
 * @param cacheBytes parts of the lake's files that are kept on disk, when the lake is elsewhere
 * @param writingBytes files that are being written and not yet in the lake
 * @param threads that compute
 */
public record Budget(
        long heapBytes, long duckdbMemoryBytes, long spillBytes, long cacheBytes, long writingBytes, int threads) {

    /** DuckDB needs about this much to run anything at all, in bytes. */
    private static final long LEAST_DUCKDB_MEMORY = 64L << 20;

    public Budget {
        if (heapBytes <= 0 || spillBytes < 0 || cacheBytes < 0 || writingBytes <= 0 || threads < 1) {
            throw new IllegalArgumentException("a budget has a heap, room to write and at least one thread");
        }
        if (duckdbMemoryBytes < LEAST_DUCKDB_MEMORY) {
            throw new IllegalArgumentException(
                    "DuckDB needs at least " + mebibytes(LEAST_DUCKDB_MEMORY) + " of memory");
        }
    }

    /**
     * Splits a total: a quarter of the memory for the heap, half for DuckDB, the rest for everything else of the
     * process; half of the disk for spill, a quarter each for the cache and for files being written. One thread per processor.
     */
    public static Budget ofMachine(long memoryLimit, long diskLimit) {
        return new Budget(
                memoryLimit / 4,
                memoryLimit / 2,
                diskLimit / 2,
                diskLimit / 4,
                diskLimit / 4,
                Runtime.getRuntime().availableProcessors());
    }

    /** Memory of the whole process, in bytes, the part beyond heap and DuckDB included. */
    public long memoryBytes() {
        return (heapBytes + duckdbMemoryBytes) / 3 * 4;
    }

    /** Disk below the workspace, in bytes. */
    public long diskBytes() {
        return spillBytes + cacheBytes + writingBytes;
    }

    /**
     * Refuses with {@link ErrorCode#MEMORY_TOO_SMALL} or {@link ErrorCode#DISK_TOO_SMALL} when this machine, or the
     * container, cannot give the budget. {@code workspace} is the folder for spill and files being written.
     */
    public void check(Path workspace) {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        checkMemory(machine.getTotalMemorySize());
        checkDisk(workspace, usableBytes(workspace));
    }

    void checkMemory(long availableBytes) {
        if (availableBytes < memoryBytes()) {
            throw new TarnException(
                    ErrorCode.MEMORY_TOO_SMALL,
                    "This machine or container has " + mebibytes(availableBytes) + " of memory, the budget takes "
                            + mebibytes(memoryBytes()) + " (" + mebibytes(heapBytes) + " for Java, "
                            + mebibytes(duckdbMemoryBytes) + " for DuckDB, the rest for both).",
                    "Give it more memory or a smaller budget.");
        }
    }

    void checkDisk(Path workspace, long availableBytes) {
        if (availableBytes < diskBytes()) {
            throw new TarnException(
                    ErrorCode.DISK_TOO_SMALL,
                    "The disk below " + workspace + " has " + mebibytes(availableBytes) + " left, the budget takes "
                            + mebibytes(diskBytes()) + ".",
                    "Free some space, choose another folder for temporary files, or set a smaller budget.");
        }
    }

    private static long usableBytes(Path workspace) {
        Path existing = workspace.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the free space of " + existing, e);
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
