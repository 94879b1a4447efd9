package dev.tarn.local.demo;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of the demo databases, claimed by one process at a time. */
final class DemoFolder {

    private final Path root;
    private final FileChannel claim;

    private DemoFolder(Path root, FileChannel claim) {
        this.root = root;
        this.claim = claim;
    }

    /** Makes the folder when it is absent, and keeps other processes out until {@link #release} or the process ends. */
    static DemoFolder claim(Path folder) {
        try {
            Path root = Files.createDirectories(folder.toAbsolutePath()).toRealPath();
            FileChannel channel =
                    FileChannel.open(root.resolve("in-use"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new TarnException(
                        ErrorCode.LAKE_IN_USE,
                        "The demo databases in " + root + " are in use by another process.",
                        "Stop the other one, or choose another folder with --root.");
            }
            return new DemoFolder(root, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path data() {
        return data(root);
    }

    /** The server's own files, below a folder that nobody has claimed. */
    static Path data(Path folder) {
        return folder.resolve("postgres");
    }

    Path log() {
        return root.resolve("postgres.log");
    }

    /** Whether the databases were once made and filled to the end. */
    boolean isComplete() {
        return Files.exists(completeMark());
    }

    /** Notes that the databases are made and filled. */
    void complete() throws IOException {
        Files.createFile(completeMark());
    }

    private Path completeMark() {
        return root.resolve("complete");
    }

    /** Stops the server of a killed process, and removes data that were never finished. */
    void removeLeftovers() throws IOException {
        LeftoverServer.stop(data());
        if (isComplete() || !Files.exists(data())) {
            return;
        }
        try (Stream<Path> files = Files.walk(data())) {
            List<Path> childrenFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : childrenFirst) {
                Files.delete(file);
            }
        }
    }

    void release() {
        try {
            claim.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
