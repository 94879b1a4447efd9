package dev.tarn.engine.kernel;

import static dev.tarn.engine.kernel.KernelEngine.storagePath;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import io.delta.kernel.engine.FileReadRequest;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.regex.Pattern;

/** The storage as Kernel's file system. */
final class StorageFileSystem implements FileSystemClient {

    private static final int VERSION_DIGITS = 20;
    private static final Pattern VERSION = Pattern.compile("\\d{" + VERSION_DIGITS + "}");
    private static final String CHECKPOINT = ".checkpoint.";
    private static final String CHECKSUM = ".crc";
    private static final Pattern COMMIT = Pattern.compile("\\d{" + VERSION_DIGITS + "}\\.json");
    private static final String FIRST_VERSION = "0".repeat(VERSION_DIGITS);
    private static final int LOOKS_AT_HOLES = 3;

    private final Storage storage;
    private final DamagedCheckpoints damaged;

    StorageFileSystem(Storage storage, DamagedCheckpoints damaged) {
        this.storage = storage;
        this.damaged = damaged;
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
        String first = storagePath(path);
        int slash = first.lastIndexOf('/');
        String folder = first.substring(0, slash);
        String name = first.substring(slash + 1);
        List<FileStatus> files = list(folder, name);
        if (files.isEmpty()
                && (name.startsWith(FIRST_VERSION) || storage.list(folder, "").isEmpty())) {
            throw new FileNotFoundException(folder);
        }
        return Iterators.of(files);
    }

    /**
     * The files of the folder whose name is not below {@code from}. A storage may show a commit and not the one before it
     * when both are put while it lists; looking again finds both, unless the log has a hole indeed. Checksums are left out:
     * what the log itself says needs no second word, which may be wrong.
     */
    List<FileStatus> list(String folder, String from) throws IOException {
        List<StoredFile> files = storage.list(folder, from);
        for (int again = 0; again < LOOKS_AT_HOLES && hasHole(files, from); again++) {
            files = storage.list(folder, from);
        }
        return files.stream()
                .filter(file -> !damaged.has(file) && !file.name().endsWith(CHECKSUM))
                .map(StorageFileSystem::status)
                .toList();
    }

    private static boolean hasHole(List<StoredFile> files, String from) {
        List<Long> commits = files.stream()
                .filter(file -> COMMIT.matcher(file.name()).matches())
                .map(file -> version(file.name()))
                .toList();
        if (commits.isEmpty()) {
            return false;
        }
        long first = commits.get(0);
        // Commits before a checkpoint may be gone for good.
        boolean mayBeginLater = !VERSION.matcher(from).lookingAt()
                || files.stream().anyMatch(file -> file.name().contains(CHECKPOINT));
        return first + commits.size() - 1 != commits.get(commits.size() - 1)
                || !mayBeginLater && first != version(from);
    }

    private static long version(String name) {
        return Long.parseLong(name, 0, VERSION_DIGITS, 10);
    }

    @Override
    public String resolvePath(String path) {
        return path;
    }

    @Override
    public CloseableIterator<ByteArrayInputStream> readFiles(CloseableIterator<FileReadRequest> requests) {
        return requests.map(this::read);
    }

    private ByteArrayInputStream read(FileReadRequest request) {
        try {
            return new ByteArrayInputStream(
                    storage.read(storagePath(request.getPath()), request.getStartOffset(), request.getReadLength())
                            .bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean mkdirs(String path) {
        return true;
    }

    @Override
    public boolean delete(String path) throws IOException {
        storage.delete(storagePath(path));
        return true;
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        return storage.find(storagePath(path))
                .map(StorageFileSystem::status)
                .orElseThrow(() -> new FileNotFoundException(path));
    }

    @Override
    public void copyFileAtomically(String source, String target, boolean overwrite) throws IOException {
        byte[] content = storage.read(storagePath(source));
        if (overwrite) {
            storage.put(storagePath(target), content);
        } else if (!storage.putIfAbsent(storagePath(target), content)) {
            throw new FileAlreadyExistsException(target);
        }
    }

    private static FileStatus status(StoredFile file) {
        return new ListedFile(file);
    }
}
