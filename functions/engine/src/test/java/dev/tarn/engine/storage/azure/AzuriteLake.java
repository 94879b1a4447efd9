package dev.tarn.engine.storage.azure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.util.function.Supplier;

/** A new lake in the Azurite that all tests of a process share. */
public final class AzuriteLake implements Supplier<Storage> {

    private final AzureAddress address;

    private AzuriteLake(AzureAddress address) {
        this.address = address;
    }

    /** Skips the test where Azurite cannot run. */
    public static AzuriteLake create() throws IOException {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        return new AzuriteLake(AzureAddress.parse(Azurite.shared().newLake()));
    }

    /** The lake, as a process sees it that has just begun. */
    @Override
    public Storage get() {
        return AzureBlobStorage.open(address);
    }
}
