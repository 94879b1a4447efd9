package dev.tarn.readers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The sample lake read by Apache Spark. */
@Tag("full")
class SparkSampleLakeTest extends SampleLakeContract {

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
