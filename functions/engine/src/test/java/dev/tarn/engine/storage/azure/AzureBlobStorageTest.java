package dev.tarn.engine.storage.azure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StorageContract;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class AzureBlobStorageTest extends StorageContract {

    private AzureAddress lake;

    @BeforeAll
    static void azuriteIsThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    @BeforeEach
    void newLake() throws IOException {
        lake = AzureAddress.parse(Azurite.shared().newLake());
    }

    @Override
    protected Storage storage() {
        return AzureBlobStorage.open(lake);
    }
}
