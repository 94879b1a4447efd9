package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

    @TempDir
    private Path folder;

    @Test
    void aNewProjectIsTheSampleWithItsSecretsKeptOutOfGit() {
        TarnRun run = TarnRun.of(folder, Map.of(), "init", "my-lake");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve("my-lake/spark-pipeline.yml")).exists();
        assertThat(folder.resolve("my-lake/pipelines/finance/gold_monthly_revenue.sql"))
                .isNotEmptyFile();
        assertThat(folder.resolve("my-lake/.gitignore")).content().contains(".secrets", ".lake");
    }

    @Test
    void aFolderWithFilesIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "mine");

        TarnRun run = TarnRun.of(folder, Map.of(), "init", ".");

        assertThat(run.err())
                .isEqualTo(
                        """
                CONFIGURATION_INVALID  %s is not empty.
                    Name a folder that does not exist yet, or empty this one.
                """
                                .formatted(folder));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("mine.txt"));
    }

    @Test
    void aFolderBelowAFileIsRefused() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        TarnRun run = TarnRun.of(folder, Map.of(), "init", "file/my-lake");

        assertThat(run.err())
                .isEqualTo(
                        """
                CONFIGURATION_INVALID  %s cannot be written: FileSystemException.
                    Name a folder in which you may create files.
                """
                                .formatted(folder.resolve("file/my-lake")));
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
