package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTest {

    @ParameterizedTest
    @CsvSource({
        "1, 0.0 KB",
        "1536, 1.5 KB",
        "1048575, 1024.0 KB",
        "1048576, 1.0 MB",
        "12897485, 12.3 MB",
        "5368709120, 5.0 GB"
    })
    void bytesAreShownInTheUnitThatSuitsThem(long bytes, String text) {
        assertThat(Size.text(bytes)).isEqualTo(text);
    }
}
