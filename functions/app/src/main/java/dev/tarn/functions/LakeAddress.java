package dev.tarn.functions;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.net.URI;
import java.nio.file.Path;

/** Where the settings say that the lake is. Never shown: it may hold a key. */
final class LakeAddress {

    private static final String FOLDER = "file:";

    private LakeAddress() {}

    /**
     * The storage of the lake, not asked for anything yet. Throws {@link TarnException} (CONFIGURATION_INVALID) when the
     * settings name no lake.
     */
    static Storage storage(TarnConfig config) {
        String text = config.lake()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "The setting tarn.lake is missing, so the app has no lake.",
                        "Set TARN_LAKE to the lake's storage account, for example https://<account>.blob.core.windows.net,"
                                + " or to its folder, for example file:///srv/lake."))
                .strip();
        if (text.startsWith(FOLDER)) {
            return new LocalStorage(folder(text));
        }
        AzureAddress address = AzureAddress.parse(text);
        return AzureBlobStorage.open(config.identity().map(address::as).orElse(address));
    }

    private static Path folder(String text) {
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
