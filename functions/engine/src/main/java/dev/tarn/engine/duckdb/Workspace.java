package dev.tarn.engine.duckdb;

import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;

/** This process's part of a folder for temporary files: a sub-folder, and a lease beside it that dies with the process. */
final class Workspace implements AutoCloseable {

    private static final String LEASE = ".lease";

    private final Path folder;
    private final Path leaseFile;
    private final Lease lease;

    private Workspace(Path folder, Path leaseFile, Lease lease) {
        this.folder = folder;
        this.leaseFile = leaseFile;
        this.lease = lease;
    }

    static Workspace open(Path parent) throws IOException {
        Path root = parent.toAbsolutePath().normalize();
        Files.createDirectories(root);
        deleteLeftovers(root);
        while (true) {
            String name = "tarn-" + UUID.randomUUID();
            Optional<Lease> lease = new LocalStorage(root).lease(name + LEASE);
            // Empty when another process is just looking whether this new lease was left by a dead one.
            if (lease.isPresent()) {
                Path folder = Files.createDirectory(root.resolve(name));
                return new Workspace(folder, root.resolve(name + LEASE), lease.get());
            }
        }
    }

    Path spill() {
        return folder.resolve("spill");
    }

    Path newFile(String suffix) {
        return folder.resolve(UUID.randomUUID() + suffix);
    }

    private static void deleteLeftovers(Path root) throws IOException {
        LocalStorage storage = new LocalStorage(root);
        try (DirectoryStream<Path> leases = Files.newDirectoryStream(root, "tarn-*" + LEASE)) {
            for (Path file : leases) {
                String name = file.getFileName().toString();
                Optional<Lease> dead = storage.lease(name);
                if (dead.isPresent()) {
                    deleteAll(root.resolve(name.substring(0, name.length() - LEASE.length())));
                    Files.deleteIfExists(file);
                    dead.get().close();
                }
            }
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        try {
            deleteAll(folder);
            Files.deleteIfExists(leaseFile);
        } catch (IOException e) {
            throw new UncheckedIOException("temporary files could not be deleted: " + folder, e);
        } finally {
            lease.close();
        }
    }
}
