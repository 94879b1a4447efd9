package dev.tarn.readers;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sample lake read by delta-rs. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class DeltaRsSampleLakeTest extends SampleLakeContract {

    private static DeltaRsReader deltaRs;

    @BeforeAll
    static void start(DeltaRsReader shared) {
        deltaRs = shared;
    }

    @Override
    TableReader reader() {
        return deltaRs;
    }
}
