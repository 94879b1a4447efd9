package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineShellTest {

    @TempDir
    private Path folder;

    private TarnRun tarn(String... arguments) {
        return TarnRun.of(folder, Map.of(), arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            chekc            | Unknown command or argument chekc of tarn.             | Nearest: check.
            up --onec        | Unknown option --onec of tarn up.                      | Nearest: --once.
            up --prot=1      | Unknown option --prot of tarn up.                      | Nearest: --port, --root.
            init             | Missing required parameter: 'DIR'.                     | See tarn init --help.
            status --format x| Invalid value for option '--format': there is table and json, not x. | See tarn status --help.
            up --rows many   | Invalid value for option '--rows': 'many' is not an int. | See tarn up --help.
            up --rows 0      | --rows takes 1 to 100000000, not 0.                    | See tarn up --help.
            up --port 70000  | --port takes 0 to 65535, not 70000.                    | See tarn up --help.
            up --memory 2    | Invalid value for option '--memory': a size is a number and MB, GB or TB, for example 2GB. | See tarn up --help.
            runs --since day | Invalid value for option '--since': a time is a number and s, m, h or d, for example 12h. | See tarn runs --help.
            """)
    void aCommandLineThatCannotBeUnderstoodIsRefusedWithTheNearestName(String line, String what, String mend) {
        TarnRun run = tarn(line.split(" "));

        assertThat(run.err()).isEqualTo("USAGE  " + what + "\n    " + mend + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void problemsComeAsJsonWhenThatIsAskedFor() {
        TarnRun run = tarn("chekc", "--format", "json");

        assertThat(run.out())
                .isEqualTo("{\"problems\":[{\"code\":\"USAGE\",\"what\":\"Unknown command or argument chekc of tarn.\","
                        + "\"mend\":\"Nearest: check.\"}]}\n");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aCommandOutsideAProjectSaysHowToGetOne() {
        TarnRun run = tarn("check");

        assertThat(run.err())
                .isEqualTo(
                        """
                PROJECT_NOT_FOUND  There is no spark-pipeline.yml in %s nor in a folder above it.
                    Go into a project, name one with --project DIR, or make one with tarn init DIR.
                """
                                .formatted(folder));
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aFolderThatIsNoProjectIsRefused() {
        TarnRun run = tarn("up", "--once", "--project", ".");

        assertThat(run.err())
                .isEqualTo(
                        """
                PROJECT_NOT_FOUND  %s is no project: it has no spark-pipeline.yml.
                    Name the project's folder with --project, or make a project with tarn init.
                """
                                .formatted(folder));
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void statusWithoutALakeSaysSoAndMakesNone() {
        TarnRun run = tarn("status");

        assertThat(run.err())
                .isEqualTo(
                        """
                PROJECT_NOT_FOUND  There is no lake in %s.
                    Make one with tarn up, go into its project, or name its folder with --root.
                """
                                .formatted(folder.resolve(".lake")));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void withoutACommandTheCommandsAreShown() {
        TarnRun run = tarn();

        assertThat(run.err()).contains("up", "init", "check", "status", "runs");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void helpIsNoError() {
        TarnRun run = tarn("up", "--help");

        assertThat(run.out())
                .contains("--once", "--root=DIR", "--odoo-secret=NAME")
                .doesNotContain("--stacktrace");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void theStackTraceIsShownOnlyWhenAskedFor() {
        assertThat(tarn("check").err()).doesNotContain("at dev.tarn");
        assertThat(tarn("check", "--stacktrace").err()).contains("at dev.tarn.local.cli.CheckCommand");
    }
}
