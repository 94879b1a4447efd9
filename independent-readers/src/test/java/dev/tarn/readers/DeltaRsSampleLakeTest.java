package dev.tarn.readers;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The sample lake read by delta-rs. */
@Tag("full")
class DeltaRsSampleLakeTest extends SampleLakeContract {

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
