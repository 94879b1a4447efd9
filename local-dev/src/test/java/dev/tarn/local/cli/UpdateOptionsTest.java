package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateOptionsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --replay | --replay runs one back-fill once more, and --flow names it: neither is of use alone.
                    --yes | --yes is the answer to what --drop-removed would delete; nothing else is asked.
                    --flow names_old --replay silver.contacts | --replay runs the flow that --flow names, and nothing else can be chosen beside it.
                    --drop-removed silver.contacts | --drop-removed runs no flows, so none can be chosen.
                    --drop-removed --yes --dry-run | --dry-run deletes nothing, and --yes wants it deleted.
                    """)
    void whatDoesNotGoTogetherIsRefused(String options, String message) {
        TarnRun run = TarnRun.of(folder, Map.of(), ("update " + options).split(" "));

        assertThat(run.err()).isEqualTo("USAGE  " + message + "\n    See tarn update --help.\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
