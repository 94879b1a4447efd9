package dev.tarn.engine.kernel;

import static dev.tarn.engine.kernel.KernelEngine.kernelPath;
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

/** The storage as Kernel's file system. */
final class StorageFileSystem implements FileSystemClient {

    private final Storage storage;

    StorageFileSystem(Storage storage) {
        this.storage = storage;
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
        String first = storagePath(path);
        int slash = first.lastIndexOf('/');
        String folder = first.substring(0, slash);
        List<StoredFile> files = storage.list(folder, first.substring(slash + 1));
        if (files.isEmpty() && storage.list(folder, "").isEmpty()) {
            throw new FileNotFoundException(folder);
        }
        return Iterators.of(files).map(StorageFileSystem::status);
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
        return FileStatus.of(
                kernelPath(file.path()), file.size(), file.modified().toEpochMilli());
    }
}
