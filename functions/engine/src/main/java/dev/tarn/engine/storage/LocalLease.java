package dev.tarn.engine.storage;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file lock. POSIX gives up all locks of a process on a file as soon as the process closes any channel to it; so within
 * this process a set decides, and the file is opened by the winner alone. The file stays when the lease ends: deleting it
 * would let two processes lock two files of one name.
 */
final class LocalLease implements Lease {

    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private LocalLease(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The folder of {@code file} must exist. */
    static Optional<Lease> tryTake(Path file) throws IOException {
        Path real = file.getParent().toRealPath().resolve(file.getFileName());
        if (!HELD_HERE.add(real)) {
            return Optional.empty();
        }
        boolean taken = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(real, CREATE, WRITE);
            taken = channel.tryLock() != null;
            return taken ? Optional.of(new LocalLease(real, channel)) : Optional.empty();
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                HELD_HERE.remove(real);
            }
        }
    }

    @Override
    public void close() {
        if (!open.compareAndSet(true, false)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lease " + file + " could not be given back", e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
