package dev.tarn.readers;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkMaintainedTableTest extends MaintainedTableContract {

    private SparkReader spark;

    @BeforeEach
    void share(SparkReader shared) {
        spark = shared;
    }

    @Override
    TableReader reader() {
        return spark;
    }
}
