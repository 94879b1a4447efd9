package dev.tarn.readers;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Tables read by delta-rs. */
@Tag("full")
class DeltaRsReaderTest extends ReaderContract {

    private static DeltaRsReader deltaRs;

    @BeforeAll
    static void start() throws IOException {
        deltaRs = new DeltaRsReader();
    }

    @AfterAll
    static void stop() throws IOException {
        if (deltaRs != null) {
            deltaRs.close();
        }
    }

    @Override
    TableReader reader() {
        return deltaRs;
    }
}
