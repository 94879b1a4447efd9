package dev.tarn.engine.storage;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lake in a folder of this machine. A file appears by a hard link to its finished content, so that it is never seen in
 * part and the first writer wins; files and folders are forced to disk before a call answers.
 */
public final class LocalStorage implements Storage {

    private static final String UNFINISHED = ".unfinished-";
    private static final String LOCK = UNFINISHED + "lock-";
    private static final Comparator<StoredFile> BY_NAME =
            (a, b) -> Arrays.compareUnsigned(utf8(a.name()), utf8(b.name()));

    private final Path root;

    /** The lake below {@code root}, which need not exist yet. */
    public LocalStorage(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public List<StoredFile> list(String folder, String from) throws IOException {
        Path directory = folder.isEmpty() ? root : resolve(folder);
        byte[] first = utf8(from);
        List<StoredFile> files = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                if (!name.startsWith(UNFINISHED) && Arrays.compareUnsigned(utf8(name), first) >= 0) {
                    attributes(child).ifPresent(file -> files.add(stored(child, file)));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return List.of();
        }
        files.sort(BY_NAME);
        return files;
    }

    @Override
    public List<StoredFile> listBelow(String folder) throws IOException {
        Path directory = resolve(folder);
        List<StoredFile> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !file.getFileName().toString().startsWith(UNFINISHED)) {
                    files.add(stored(file, attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return goOnWithout(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                return failure == null ? FileVisitResult.CONTINUE : goOnWithout(failure);
            }
        });
        return files;
    }

    /** What was taken away while the folder was gone through is no failure. */
    private static FileVisitResult goOnWithout(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    @Override
    public Optional<StoredFile> find(String path) throws IOException {
        Path file = resolve(path);
        return attributes(file).map(attributes -> stored(file, attributes));
    }

    @Override
    public byte[] read(String path) throws IOException {
        return Files.readAllBytes(resolve(path));
    }

    @Override
    public FilePart read(String path, long offset, int length) throws IOException {
        Path file = resolve(path);
        ByteBuffer content = ByteBuffer.allocate(length);
        try (SeekableByteChannel channel = Files.newByteChannel(file, READ)) {
            channel.position(offset);
            while (content.hasRemaining()) {
                if (channel.read(content) < 0) {
                    throw new EOFException(path + " ends before byte " + (offset + length));
                }
            }
        }
        return new FilePart(content.array(), etag(Files.readAttributes(file, BasicFileAttributes.class)));
    }

    @Override
    public FilePart read(String path, long offset, int length, String etag) throws IOException {
        FilePart part = read(path, offset, length);
        if (!part.etag().equals(etag)) {
            throw new FileChangedException(path);
        }
        return part;
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        Path unfinished = unfinished(path, target, content);
        try {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        force(target.getParent());
    }

    @Override
    public boolean putIfAbsent(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        if (Files.exists(target)) {
            return false;
        }
        Path unfinished = unfinished(path, target, content);
        try {
            Files.createLink(target, unfinished);
        } catch (FileAlreadyExistsException winner) {
            return false;
        } finally {
            Files.deleteIfExists(unfinished);
        }
        force(target.getParent());
        return true;
    }

    @Override
    public boolean putIfUnchanged(String path, byte[] content, String etag) throws IOException {
        Path target = resolve(path);
        createFolders(target.getParent());
        Optional<Lease> lock = LocalLease.tryTake(target.resolveSibling(LOCK + target.getFileName()));
        if (lock.isEmpty()) {
            // Whoever holds it replaces the file, or found that somebody has.
            return false;
        }
        try {
            if (attributes(target).map(LocalStorage::etag).filter(etag::equals).isEmpty()) {
                return false;
            }
            put(path, content);
            return true;
        } finally {
            lock.get().close();
        }
    }

    @Override
    public void putFile(String path, Path local) throws IOException {
        Path target = resolve(path);
        createFolders(target.getParent());
        force(local);
        try {
            Files.createLink(target, local);
        } catch (FileAlreadyExistsException | NoSuchFileException wrong) {
            throw wrong;
        } catch (FileSystemException otherFileSystem) {
            copy(path, local, target);
        }
        force(target.getParent());
        Files.delete(local);
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(resolve(path));
    }

    @Override
    public Optional<Lease> lease(String path) throws IOException {
        Path file = resolve(path);
        createFolders(file.getParent());
        return LocalLease.tryTake(file);
    }

    @Override
    public Optional<Path> localFile(String path) throws IOException {
        Path file = resolve(path);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return Optional.of(file);
    }

    private Path resolve(String path) {
        return root.resolve(LakePath.require(path));
    }

    private StoredFile stored(Path file, BasicFileAttributes attributes) {
        String path =
                root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        return new StoredFile(
                path, attributes.size(), attributes.lastModifiedTime().toInstant(), etag(attributes));
    }

    /** A file is never written twice: another content is another file. */
    private static String etag(BasicFileAttributes attributes) {
        return attributes.fileKey() + "-" + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }

    private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class))
                    .filter(BasicFileAttributes::isRegularFile);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    private Path unfinished(String path, Path target, byte[] content) throws IOException {
        createFolders(target.getParent());
        Path unfinished = target.resolveSibling(UNFINISHED + UUID.randomUUID());
        try (FileChannel channel = FileChannel.open(unfinished, CREATE_NEW, WRITE)) {
            ByteBuffer remaining = ByteBuffer.wrap(content);
            while (remaining.hasRemaining()) {
                channel.write(remaining);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw FullDisk.refused(root, path, e);
        }
        return unfinished;
    }

    private void copy(String path, Path local, Path target) throws IOException {
        Path unfinished = target.resolveSibling(UNFINISHED + UUID.randomUUID());
        try {
            Files.copy(local, unfinished);
            force(unfinished);
            Files.createLink(target, unfinished);
        } catch (IOException e) {
            throw FullDisk.refused(root, path, e);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path parent = folder.getParent();
            createFolders(parent);
            Files.createDirectories(folder);
            force(parent);
        }
    }

    private static void force(Path fileOrFolder) throws IOException {
        try (FileChannel channel = FileChannel.open(fileOrFolder, READ)) {
            channel.force(true);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalStorage storage && storage.root.equals(root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
