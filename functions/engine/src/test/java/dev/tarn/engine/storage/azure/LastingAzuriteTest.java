package dev.tarn.engine.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The blobs of an Azurite that starts again. */
class LastingAzuriteTest {

    private static final int SIZE = 100_000;

    @TempDir
    private Path folder;

    private Storage lake(Azurite azurite) {
        return AzureBlobStorage.open(AzureAddress.parse(azurite.connectionString()));
    }

    /** Azurite cannot tell well what is unused, see its main.js; while it looks it answers nobody. */
    @Test
    void nothingIsCollectedFromIt() throws Exception {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        try (Azurite azurite = Azurite.start(folder)) {
            Storage lake = lake(azurite);
            lake.put("bronze/gone", new byte[SIZE]);
            lake.delete("bronze/gone");
        }
        try (Azurite again = Azurite.start(folder)) {
            assertThat(lake(again).find("bronze/gone")).isEmpty();
        }

        assertThat(kept()).isGreaterThanOrEqualTo(SIZE);
    }

    private long kept() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("__blobstorage__"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
