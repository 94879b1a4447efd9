package dev.tarn.readers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Tables read by Apache Spark. */
@Tag("full")
class SparkReaderTest extends ReaderContract {

    private static SparkReader spark;

    @BeforeAll
    static void start() {
        spark = new SparkReader();
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Override
    TableReader reader() {
        return spark;
    }
}
