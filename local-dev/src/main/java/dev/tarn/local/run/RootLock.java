package dev.tarn.local.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Keeps a second {@code tarn up} off a lake, until {@link #close} or until the process ends, however it ends. */
final class RootLock {

    private static final String LEASE = "tarn/leases/up";
    private static final String OWNER = "tarn/up.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lease lease;

    private RootLock(Lease lease) {
        this.lease = lease;
    }

    /**
     * Takes the lock of the folder, whatever storage the lake is in: databases and Azurite live there, too. Throws
     * {@link TarnException} (LAKE_IN_USE) when another process has it.
     */
    static RootLock take(Path root) {
        Storage storage = new LocalStorage(root);
        try {
            Lease lease = storage.lease(LEASE).orElseThrow(() -> inUse(storage));
            byte[] owner = JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("v", 1)
                    .put("pid", ProcessHandle.current().pid()));
            storage.put(OWNER, owner);
            return new RootLock(lease);
        } catch (IOException e) {
            throw OpenLake.notWritable(root, e);
        }
    }

    static TarnException inUse(Storage storage) {
        return new TarnException(
                ErrorCode.LAKE_IN_USE,
                "Another tarn up (process " + owner(storage) + ") runs on the lake at " + storage + ".",
                "Stop it, or choose another place with --root.");
    }

    private static String owner(Storage storage) {
        try {
            return JSON.readTree(new String(storage.read(OWNER), StandardCharsets.UTF_8))
                    .path("pid")
                    .asText("unknown");
        } catch (NoSuchFileException justStarting) {
            return "unknown";
        } catch (IOException e) {
            throw new UncheckedIOException("who uses the lake at " + storage + " cannot be read", e);
        }
    }

    /** Gives the lock back. */
    void close() {
        lease.close();
    }
}
