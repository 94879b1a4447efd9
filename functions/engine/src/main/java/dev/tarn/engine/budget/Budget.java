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
 * What one process may use. Beside the heap and DuckDB there is {@link #OTHER_MEMORY}; temporary disk is spill, cache and
 * files being written.
 *
 * @param heapBytes of the Java heap; set by whoever starts the process
 * @param duckdbMemoryBytes DuckDB's {@code memory_limit}
 * @param spillBytes what DuckDB may put on disk when memory does not suffice
 * @param cacheBytes parts of the lake's files that are kept on disk, when the lake is elsewhere
 * @param writingBytes files that are being written and not yet in the lake
 * @param threads that compute
 */
public record Budget(
        long heapBytes, long duckdbMemoryBytes, long spillBytes, long cacheBytes, long writingBytes, int threads) {

    /** Code, threads and the buffers of libraries, in bytes: measured at 90 to 130 MB, with room to spare. */
    static final long OTHER_MEMORY = 192L << 20;

    /** DuckDB needs about this much to run anything at all, in bytes. */
    private static final long LEAST_DUCKDB_MEMORY = 64L << 20;

    /** A file of rows and a little spill, in bytes. */
    private static final long LEAST_DISK = 32L << 20;

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
     * Splits what this process may use. Its heap is what its JVM was given; DuckDB gets the rest of the memory but for
     * {@link #OTHER_MEMORY}, and at most half; half of the disk is for the cache, which holds all that one query reads, a
     * quarter each for spill and for files being written. One thread per processor.
     *
     * @throws TarnException MEMORY_TOO_SMALL or DISK_TOO_SMALL when nothing can be done within the limits
     */
    public static Budget ofProcess(long memoryLimit, long diskLimit) {
        return of(Runtime.getRuntime().maxMemory(), memoryLimit, diskLimit);
    }

    static Budget of(long heap, long memoryLimit, long diskLimit) {
        long duckdb = Math.min(memoryLimit / 2, memoryLimit - heap - OTHER_MEMORY);
        if (duckdb < LEAST_DUCKDB_MEMORY) {
            throw new TarnException(
                    ErrorCode.MEMORY_TOO_SMALL,
                    "This process may use " + mebibytes(memoryLimit) + " of memory. Its Java heap may grow to "
                            + mebibytes(heap) + ", code and buffers take up to " + mebibytes(OTHER_MEMORY)
                            + ", and DuckDB needs at least " + mebibytes(LEAST_DUCKDB_MEMORY) + ".",
                    "Let it use more memory, or start Java with a smaller heap (-Xmx).");
        }
        if (diskLimit < LEAST_DISK) {
            throw new TarnException(
                    ErrorCode.DISK_TOO_SMALL,
                    "This process may use " + mebibytes(diskLimit) + " of temporary disk, and needs at least "
                            + mebibytes(LEAST_DISK) + " to write files and to spill.",
                    "Let it use more disk.");
        }
        return new Budget(
                heap,
                duckdb,
                diskLimit / 4,
                diskLimit / 2,
                diskLimit / 4,
                Runtime.getRuntime().availableProcessors());
    }

    /** Three quarters of the memory that this machine or container has, in bytes: what a process that is alone may use. */
    public static long usualMemory() {
        return machineMemory() / 4 * 3;
    }

    private static long machineMemory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** Memory of the whole process, in bytes. */
    public long memoryBytes() {
        return heapBytes + duckdbMemoryBytes + OTHER_MEMORY;
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
        checkMemory(machineMemory());
        checkDisk(workspace, usableBytes(workspace));
    }

    void checkMemory(long availableBytes) {
        if (availableBytes < memoryBytes()) {
            throw new TarnException(
                    ErrorCode.MEMORY_TOO_SMALL,
                    "This machine or container has " + mebibytes(availableBytes) + " of memory, the budget takes "
                            + mebibytes(memoryBytes()) + " (" + mebibytes(heapBytes) + " for Java, "
                            + mebibytes(duckdbMemoryBytes) + " for DuckDB, the rest for code and buffers).",
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

    /** A part of a budget as people are told of it: {@code 512 MiB}. */
    public static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
