package dev.tarn.engine.storage.azure;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.net.URI;
import java.nio.file.Path;

/** Where a lake is, as settings name it. Shown without what lets one in. */
public sealed interface LakeAddress {

    /** A folder of this machine. */
    record Folder(Path path) implements LakeAddress {
        public Folder {
            requireNonNull(path, "path");
        }

        @Override
        public Storage open() {
            return new LocalStorage(path);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A storage account. */
    record Account(AzureAddress address) implements LakeAddress {
        public Account {
            requireNonNull(address, "address");
        }

        @Override
        public Storage open() {
            return AzureBlobStorage.open(address);
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** Its storage, not asked for anything yet. */
    Storage open();

    /** Whether {@code text} is meant as an address, and not as a path of this machine. */
    static boolean isOne(String text) {
        return text.strip().matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*");
    }

    /**
     * Reads {@code file:///srv/lake} or an address as of {@link AzureAddress#parse}. Throws {@link TarnException}
     * (CONFIGURATION_INVALID), which never repeats the text.
     */
    static LakeAddress parse(String text) {
        String address = text.strip();
        if (!address.startsWith("file:")) {
            return new Account(AzureAddress.parse(address));
        }
        try {
            return new Folder(Path.of(URI.create(address)));
        } catch (IllegalArgumentException e) {
            // Its message repeats the text.
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "The address of the lake begins with file: and names no folder.",
                    "Give the folder as file:///srv/lake.");
        }
    }
}
