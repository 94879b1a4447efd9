package dev.tarn.local.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a lake keeps its tables. One on this machine: in its root folder, or in an Azurite that runs as long as this is open
 * and keeps its files below the root; one process at a time runs it, and others ask that one. Elsewhere: in a storage account.
 */
public final class LakeStorage implements AutoCloseable {

    /** The kinds of storage that this machine has. */
    public enum Kind {
        FOLDER,
        AZURITE
    }

    /** Azurite's files, below the root. */
    public static final String DATA = "azurite";

    private static final String LEASE = "tarn/leases/azurite";
    private static final String CONNECTION = "azurite-connection";

    private final Storage storage;
    private final @Nullable Lease lease;
    private final @Nullable Azurite azurite;

    private LakeStorage(Storage storage, @Nullable Lease lease, @Nullable Azurite azurite) {
        this.storage = storage;
        this.lease = lease;
        this.azurite = azurite;
    }

    /**
     * The storage of a lake that is to be run.
     *
     * @throws TarnException LAKE_IN_USE when another process runs its Azurite, LAKE_NOT_WRITABLE, BUILD_TOOL_MISSING
     *     without Node.js, or BUILD_FAILED when Azurite cannot be installed or started
     */
    public static LakeStorage toRun(Path root, Kind kind) {
        Storage folder = new LocalStorage(root);
        return kind == Kind.FOLDER
                ? new LakeStorage(folder, null, null)
                : run(root).orElseThrow(() -> RootLock.inUse(folder));
    }

    /**
     * The storage of a lake that is to be looked at; empty when that root has none of this kind.
     *
     * @throws TarnException as {@link #toRun}; LAKE_IN_USE only while another process is just starting
     */
    public static Optional<LakeStorage> toLookAt(Path root, Kind kind) {
        if (kind == Kind.FOLDER) {
            return Optional.of(new LakeStorage(new LocalStorage(root), null, null));
        }
        return Files.isDirectory(root.resolve(DATA))
                ? Optional.of(run(root).orElseGet(() -> join(root)))
                : Optional.empty();
    }

    /** The storage of a lake that is elsewhere, and that nobody here runs. */
    public static LakeStorage elsewhere(AzureAddress address) {
        return new LakeStorage(AzureBlobStorage.open(address), null, null);
    }

    /** Empty when another process does. */
    private static Optional<LakeStorage> run(Path root) {
        Azurite.missing().ifPresent(what -> {
            throw new TarnException(
                    ErrorCode.BUILD_TOOL_MISSING,
                    what,
                    "Install Node.js 20 or newer (Debian, Ubuntu, WSL2: apt install nodejs npm; macOS: brew install node),"
                            + " or leave --storage azurite out.");
        });
        Optional<Lease> lease = lease(root);
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        Azurite azurite = null;
        try {
            azurite = Azurite.start(root.resolve(DATA));
            String connection = azurite.connectionString();
            publish(root, connection);
            return Optional.of(new LakeStorage(open(connection), lease.get(), azurite));
        } catch (IOException | UncheckedIOException e) {
            if (azurite != null) {
                azurite.close();
            }
            lease.get().close();
            throw new TarnException(
                    ErrorCode.BUILD_FAILED,
                    "Azurite could not be started: " + e.getMessage(),
                    "Mend what it names, or leave --storage azurite out.",
                    e);
        }
    }

    private static Optional<Lease> lease(Path root) {
        try {
            return new LocalStorage(root).lease(LEASE);
        } catch (IOException e) {
            throw OpenLake.notWritable(root, e);
        }
    }

    /** Keys are new with each start: who looks at the lake meanwhile finds them here, and no other user does. */
    private static void publish(Path root, String connection) throws IOException {
        Path unfinished = root.resolve(CONNECTION + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(unfinished, connection);
        Files.move(
                unfinished,
                root.resolve(CONNECTION),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static LakeStorage join(Path root) {
        try {
            return new LakeStorage(open(Files.readString(root.resolve(CONNECTION), UTF_8)), null, null);
        } catch (NoSuchFileException e) {
            throw new TarnException(
                    ErrorCode.LAKE_IN_USE,
                    "Another process is just starting the Azurite of the lake at " + root + ".",
                    "Run again in a moment.");
        } catch (IOException e) {
            throw new UncheckedIOException("the address of the lake's Azurite cannot be read", e);
        }
    }

    private static Storage open(String connection) {
        return AzureBlobStorage.open(AzureAddress.parse(connection));
    }

    /** The lake's files. */
    public Storage storage() {
        return storage;
    }

    /** Ends what runs for the lake, which must be closed before. */
    @Override
    public void close() {
        if (azurite != null) {
            azurite.close();
        }
        if (lease != null) {
            lease.close();
        }
    }
}
