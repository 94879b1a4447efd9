package dev.tarn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of an instance: a memory cgroup (version 1 or 2) and a file system of a fixed size in a file, both made
 * here, which takes root on Linux. What the machine does not allow is left out and said; peaks are measured all the same.
 */
final class InstanceLimits implements AutoCloseable {

    private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
    private static final Path V2 = Path.of("/sys/fs/cgroup");
    private static final long SAMPLE_MILLIS = 20;

    private final Path disk;
    private final @Nullable Path group;
    private final boolean mounted;
    private final long emptyBytes;
    private final AtomicLong peakMemory = new AtomicLong();
    private final AtomicLong peakDisk = new AtomicLong();
    private final AtomicLong peakSpill = new AtomicLong();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> samples;

    /**
     * @param disk folder that gets the limited file system
     * @param memoryBytes of the cgroup
     * @param diskBytes of the file system, its own tables included
     */
    InstanceLimits(Path disk, long memoryBytes, long diskBytes) throws IOException, InterruptedException {
        this.disk = Files.createDirectories(disk);
        this.group = group(memoryBytes);
        this.mounted = mount(disk.resolveSibling(disk.getFileName() + ".img"), disk, diskBytes);
        this.emptyBytes = mounted ? used() : 0;
        this.samples = sampler.scheduleAtFixedRate(this::sample, 0, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static @Nullable Path group(long bytes) {
        boolean second = Files.exists(V2.resolve("cgroup.controllers"));
        Path group = (second ? V2 : V1)
                .resolve("tarn-bench-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
            Files.writeString(
                    group.resolve(second ? "memory.max" : "memory.limit_in_bytes"), String.valueOf(bytes), UTF_8);
            return group;
        } catch (IOException e) {
            System.err.println("No memory cgroup can be made here, so memory is measured only: " + e);
            return null;
        }
    }

    private static boolean mount(Path image, Path target, long bytes) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        boolean mounted = succeeds("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", image.toString())
                && succeeds("mount", "-o", "loop", image.toString(), target.toString());
        if (!mounted) {
            System.err.println("No file system of a fixed size can be mounted here, so disk is measured only.");
        }
        return mounted;
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /** The command line that runs {@code command} within the limits. */
    List<String> inside(List<String> command) {
        if (group == null) {
            return command;
        }
        List<String> within = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh"));
        within.addAll(command);
        return within;
    }

    /** What is limited and what only measured. */
    String kind() {
        return (group == null ? "memory measured" : "memory limited by a cgroup") + ", "
                + (mounted ? "temporary disk by a file system" : "temporary disk measured");
    }

    long peakMemoryMegabytes() {
        return peakMemory.get() >> 20;
    }

    long peakDiskMegabytes() {
        return peakDisk.get() >> 20;
    }

    long peakSpillMegabytes() {
        return peakSpill.get() >> 20;
    }

    /** How often the kernel ended a process of the group for want of memory. */
    long killed() throws IOException {
        if (group == null) {
            return 0;
        }
        Path events = group.resolve("memory.events");
        return value(Files.exists(events) ? events : group.resolve("memory.oom_control"), "oom_kill");
    }

    private void sample() {
        try {
            if (group != null) {
                Path statistics = group.resolve("memory.stat");
                // Version 1 says total_rss, version 2 anon: memory that cannot be had back by dropping cached files.
                long rss = Math.max(value(statistics, "total_rss"), value(statistics, "anon"));
                peakMemory.accumulateAndGet(rss, Math::max);
            }
            peakDisk.accumulateAndGet(used() - emptyBytes, Math::max);
            peakSpill.accumulateAndGet(size("spill"), Math::max);
        } catch (IOException e) {
            System.err.println("a sample is missing: " + e);
        }
    }

    private long used() throws IOException {
        if (!mounted) {
            return size("");
        }
        FileStore store = Files.getFileStore(disk);
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }

    /** Bytes of the files below folders whose name begins so. */
    private long size(String folder) throws IOException {
        try (Stream<Path> files = Files.find(disk, 9, (path, attributes) -> attributes.isRegularFile())) {
            return files.filter(
                            file -> file.getParent().getFileName().toString().startsWith(folder))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (UncheckedIOException deletedMeanwhile) {
            return 0;
        }
    }

    private static long value(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        try {
            takeAway();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the limits were taken away");
        }
    }

    private void takeAway() throws IOException, InterruptedException {
        samples.cancel(false);
        sampler.shutdown();
        sampler.awaitTermination(1, TimeUnit.SECONDS);
        if (mounted && !succeeds("umount", disk.toString())) {
            System.err.println(disk + " cannot be unmounted");
        }
        Files.deleteIfExists(disk.resolveSibling(disk.getFileName() + ".img"));
        if (group != null) {
            Files.deleteIfExists(group);
        }
    }
}
