package dev.tarn.functions;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where the settings say that the lake is. Never shown: it may hold a key. */
final class LakeAddress {

    private static final String FOLDER = "file:";

    private final String text;
    private final Optional<String> identity;

    private LakeAddress(String text, Optional<String> identity) {
        this.text = text;
        this.identity = identity;
    }

    /** Throws {@link TarnException} (CONFIGURATION_INVALID) when the settings name no lake. */
    static LakeAddress of(TarnConfig config) {
        String text = config.lake()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "The setting tarn.lake is missing, so the app has no lake.",
                        "Set TARN_LAKE to the lake's storage account, for example https://<account>.blob.core.windows.net,"
                                + " or to its folder, for example file:///srv/lake."));
        return new LakeAddress(text.strip(), config.identity());
    }

    /** The storage at this address, not asked for anything yet. Throws {@link TarnException} when the address is none. */
    Storage storage() {
        if (text.startsWith(FOLDER)) {
            return new LocalStorage(folder());
        }
        AzureAddress address = AzureAddress.parse(text);
        return AzureBlobStorage.open(identity.map(address::as).orElse(address));
    }

    private Path folder() {
        try {
            return Path.of(URI.create(text));
        } catch (IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "The setting tarn.lake begins with " + FOLDER + " and names no folder.",
                    "Set TARN_LAKE to the lake's folder, for example file:///srv/lake.");
        }
    }
}
