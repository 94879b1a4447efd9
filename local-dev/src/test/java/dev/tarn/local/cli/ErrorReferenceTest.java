package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorReferenceTest {

    @Test
    void theReferenceListsEveryCodeAsItIs() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("../docs/reference/errors.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2) + 1))
                .toList();

        assertThat(documented)
                .containsExactlyElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> "| `%s` | %d | %d | %s |"
                                .formatted(
                                        code,
                                        code.exitCode(),
                                        code.httpStatus(),
                                        code.retry() == ErrorCode.Retry.LATER ? "yes" : "no"))
                        .toList());
    }
}
