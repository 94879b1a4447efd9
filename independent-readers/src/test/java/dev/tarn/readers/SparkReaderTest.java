package dev.tarn.readers;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tables read by Apache Spark. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkReaderTest extends ReaderContract {

    private static SparkReader spark;

    @BeforeAll
    static void start(SparkReader shared) {
        spark = shared;
    }

    @Override
    TableReader reader() {
        return spark;
    }
}
