package dev.tarn.engine.storage.azure;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.models.BlobDownloadContentResponse;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.options.BlobUploadFromFileOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.engine.storage.FilePart;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A lake in a storage account: the first part of a path is the container, the rest is the blob. Every call is tried
 * again for a while; a first try that arrived although its answer was lost can then make {@link #putIfAbsent} answer
 * false to its own file, so whoever depends on it compares what is there with what was written.
 *
 * <p>The client is made by the first call: in a new process that costs about a second.
 */
public final class AzureBlobStorage implements Storage {

    private static final int PAGE = 5_000;
    private static final long BLOCK = 8L << 20;
    private static final int PARALLEL_BLOCKS = 2;
    private static final String ATTEMPT = "tarnattempt";
    private static final BlobRequestConditions ABSENT = new BlobRequestConditions().setIfNoneMatch("*");
    private static final Comparator<StoredFile> BY_NAME =
            (a, b) -> Arrays.compareUnsigned(utf8(a.name()), utf8(b.name()));

    private final AzureAddress address;
    private final Patience patience;
    private final Failures failures;
    private @Nullable BlobServiceClient service;

    private AzureBlobStorage(AzureAddress address, Patience patience) {
        this.address = address;
        this.patience = patience;
        this.failures = new Failures(address);
    }

    /** The lake in that storage account, which must have its containers. Nothing is asked before the first call. */
    public static AzureBlobStorage open(AzureAddress address) {
        return open(address, Patience.USUAL);
    }

    static AzureBlobStorage open(AzureAddress address, Patience patience) {
        return new AzureBlobStorage(address, patience);
    }

    @Override
    public List<StoredFile> list(String folder, String from) throws IOException {
        if (folder.isEmpty()) {
            return List.of();
        }
        BlobPath place = BlobPath.of(folder);
        String prefix = place.blob().isEmpty() ? "" : place.blob() + "/";
        ListBlobsOptions options = new ListBlobsOptions().setPrefix(prefix).setMaxResultsPerPage(PAGE);
        byte[] first = utf8(from);
        // Beyond ASCII the service's order need not be that of the bytes; from there on all names are looked at here.
        if (!from.isEmpty() && first.length == from.length()) {
            options.setStartFrom(prefix + from);
        }
        List<StoredFile> files = new ArrayList<>();
        try {
            for (BlobItem item :
                    service().getBlobContainerClient(place.container()).listBlobsByHierarchy("/", options, null)) {
                if (!Boolean.TRUE.equals(item.isPrefix())) {
                    StoredFile file = stored(place.container(), item);
                    if (Arrays.compareUnsigned(utf8(file.name()), first) >= 0) {
                        files.add(file);
                    }
                }
            }
        } catch (RuntimeException e) {
            throw failures.of(folder, e);
        }
        files.sort(BY_NAME);
        return files;
    }

    @Override
    public List<StoredFile> listBelow(String folder) throws IOException {
        BlobPath place = BlobPath.of(folder);
        String prefix = place.blob().isEmpty() ? "" : place.blob() + "/";
        ListBlobsOptions options = new ListBlobsOptions().setPrefix(prefix).setMaxResultsPerPage(PAGE);
        List<StoredFile> files = new ArrayList<>();
        try {
            for (BlobItem item :
                    service().getBlobContainerClient(place.container()).listBlobs(options, null)) {
                files.add(stored(place.container(), item));
            }
        } catch (RuntimeException e) {
            throw failures.of(folder, e);
        }
        return files;
    }

    private static StoredFile stored(String container, BlobItem item) {
        return new StoredFile(
                container + "/" + item.getName(),
                item.getProperties().getContentLength(),
                item.getProperties().getLastModified().toInstant(),
                plain(item.getProperties().getETag()));
    }

    @Override
    public Optional<StoredFile> find(String path) throws IOException {
        if (BlobPath.of(path).blob().isEmpty()) {
            return Optional.empty();
        }
        BlobClient blob = blob(path);
        try {
            BlobProperties found = blob.getProperties();
            return Optional.of(new StoredFile(
                    path, found.getBlobSize(), found.getLastModified().toInstant(), plain(found.getETag())));
        } catch (BlobStorageException e) {
            if (Failures.isAbsent(e)) {
                return Optional.empty();
            }
            throw failures.of(path, e);
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
    }

    @Override
    public byte[] read(String path) throws IOException {
        BlobDownloadContentResponse answer = download(path, null, null);
        byte[] content = answer.getValue().toBytes();
        long length = answer.getDeserializedHeaders().getContentLength();
        if (content.length != length) {
            throw new EOFException("of " + path + " came " + content.length + " of " + length + " bytes");
        }
        return content;
    }

    @Override
    public FilePart read(String path, long offset, int length) throws IOException {
        return part(path, offset, length, null);
    }

    @Override
    public FilePart read(String path, long offset, int length, String etag) throws IOException {
        return part(path, offset, length, etag);
    }

    private FilePart part(String path, long offset, int length, @Nullable String etag) throws IOException {
        if (length == 0) {
            StoredFile file = find(path).orElseThrow(() -> new NoSuchFileException(path));
            if (etag != null && !file.etag().equals(etag)) {
                throw new FileChangedException(path);
            }
            return new FilePart(new byte[0], file.etag());
        }
        BlobDownloadContentResponse answer = download(path, new BlobRange(offset, (long) length), etag);
        byte[] content = answer.getValue().toBytes();
        if (content.length != length) {
            throw new EOFException(path + " ends before byte " + (offset + length));
        }
        return new FilePart(content, plain(answer.getDeserializedHeaders().getETag()));
    }

    private BlobDownloadContentResponse download(String path, @Nullable BlobRange range, @Nullable String etag)
            throws IOException {
        BlobClient blob = blob(path);
        try {
            return blob.downloadContentWithResponse(
                    new DownloadRetryOptions().setMaxRetryRequests(patience.retries()),
                    etag == null ? null : new BlobRequestConditions().setIfMatch('"' + etag + '"'),
                    range,
                    false,
                    null,
                    Context.NONE);
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        BlobClient blob = blob(path);
        try {
            upload(blob, content, null);
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
    }

    @Override
    public boolean putIfAbsent(String path, byte[] content) throws IOException {
        BlobClient blob = blob(path);
        try {
            upload(blob, content, ABSENT);
            return true;
        } catch (BlobStorageException e) {
            if (Failures.isExists(e)) {
                return false;
            }
            throw failures.of(path, e);
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
    }

    private static void upload(BlobClient blob, byte[] content, @Nullable BlobRequestConditions conditions) {
        blob.getBlockBlobClient()
                .uploadWithResponse(
                        new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content))
                                .setRequestConditions(conditions),
                        null,
                        Context.NONE);
    }

    @Override
    public void putFile(String path, Path local) throws IOException {
        if (!Files.isRegularFile(local)) {
            throw new NoSuchFileException(local.toString());
        }
        String attempt = UUID.randomUUID().toString();
        BlobClient blob = blob(path);
        try {
            blob.uploadFromFileWithResponse(
                    new BlobUploadFromFileOptions(local.toString())
                            .setParallelTransferOptions(new ParallelTransferOptions()
                                    .setBlockSizeLong(BLOCK)
                                    .setMaxSingleUploadSizeLong(BLOCK)
                                    .setMaxConcurrency(PARALLEL_BLOCKS))
                            .setMetadata(Map.of(ATTEMPT, attempt))
                            .setRequestConditions(ABSENT),
                    null,
                    Context.NONE);
        } catch (BlobStorageException e) {
            if (!Failures.isExists(e)) {
                throw failures.of(path, e);
            }
            if (!attempt.equals(attemptOf(path, blob))) {
                throw new FileAlreadyExistsException(path);
            }
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
        Files.delete(local);
    }

    /** A lost answer makes the library try again, and find the file that its first try has put there. */
    private @Nullable String attemptOf(String path, BlobClient blob) throws IOException {
        try {
            return blob.getProperties().getMetadata().get(ATTEMPT);
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        BlobClient blob = blob(path);
        try {
            blob.deleteIfExists();
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
    }

    @Override
    public Optional<Lease> lease(String path) throws IOException {
        BlobClient blob = blob(path);
        try {
            return BlobLease.tryTake(blob, () -> putIfAbsent(path, new byte[0]));
        } catch (RuntimeException e) {
            throw failures.of(path, e);
        }
    }

    /** Never: the files are elsewhere. */
    @Override
    public Optional<Path> localFile(String path) {
        BlobPath.of(path);
        return Optional.empty();
    }

    private BlobClient blob(String path) {
        BlobPath place = BlobPath.of(path);
        if (place.blob().isEmpty()) {
            throw new IllegalArgumentException("'" + path + "' is a container, not a file in one");
        }
        return service().getBlobContainerClient(place.container()).getBlobClient(place.blob());
    }

    private synchronized BlobServiceClient service() {
        if (service == null) {
            service = BlobClients.client(address, patience);
        }
        return service;
    }

    /** Some answers have it in quotes and some have not. */
    private static String plain(String etag) {
        return etag.replace("\"", "");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AzureBlobStorage storage
                && storage.address.endpoint().equals(address.endpoint());
    }

    @Override
    public int hashCode() {
        return address.endpoint().hashCode();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
