package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCountTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"numRecords\":42}",
                "{\"numRecords\":42,\"minValues\":{\"id\":1}}",
                "{ \"numRecords\" : 42 }",
                "{\"numRecords\":42.0}",
                "{\"minValues\":{\"numRecords\":1,\"a\":[{\"numRecords\":2}]},\"numRecords\":42,\"nullCount\":{}}",
                "{\"tightBounds\":true,\"numRecords\":42"
            })
    void theRowsOfTheFileAreFoundWhereverTheyStand(String statistics) {
        assertThat(RecordCount.of(statistics)).hasValue(42);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"numRecords\":null}",
                "{\"numRecords\":",
                "{\"numRecords\":x}",
                "{\"minValues\":{\"numRecords\":1}}",
                "no JSON"
            })
    void statisticsThatDoNotTellAreEmpty(String statistics) {
        assertThat(RecordCount.of(statistics)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 999_999_999_999_999_999L, 1_000_000_000_000_000_000L, Long.MAX_VALUE})
    void everyNumberIsRead(long rows) {
        assertThat(RecordCount.of("{\"numRecords\":" + rows + "}")).hasValue(rows);
    }
}
