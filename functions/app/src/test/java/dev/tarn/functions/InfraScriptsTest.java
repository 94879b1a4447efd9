package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts have not met Azure: what they say before they ask it, and what ShellCheck says of them. */
class InfraScriptsTest {

    private static final List<Path> SCRIPTS =
            List.of(InfraTemplates.FOLDER.resolve("deploy"), InfraTemplates.FOLDER.resolve("destroy"));

    @ParameterizedTest
    @ValueSource(strings = {"deploy", "destroy"})
    void aScriptIsBashThatCanBeRun(String name) throws IOException, InterruptedException {
        Path script = InfraTemplates.FOLDER.resolve(name);

        assertThat(script).isExecutable();
        assertThat(Files.readString(script)).contains("set -euo pipefail");
        assertThat(InfraTools.run(List.of("bash", "-n", script.toString()))).isEqualTo(new InfraTools.Said(0, "", ""));
    }

    @Test
    @Tag("full")
    void shellCheckFindsNothing() throws IOException, InterruptedException {
        assertThat(InfraTools.installed().check(SCRIPTS)).isEqualTo(new InfraTools.Said(0, "", ""));
    }

    @Test
    void deployWithoutAGroupSaysHowItIsUsed() throws IOException, InterruptedException {
        assertThat(run("deploy"))
                .isEqualTo(
                        new InfraTools.Said(
                                2,
                                "",
                                """
                Usage: infra-bicep/deploy --group GROUP [--env env/prod.bicepparam] [--zip FILE] [--project DIR [--target NAME]]
                  --env      values of the environment; default env/prod.bicepparam beside this program
                  --zip      the packaged app; default functions/app/target/azure-functions/tarn.zip
                  --project  also deploys this project to the lake, as tarn deploy does; NAME is its target, default prod
                """));
    }

    @Test
    void deployWithoutAPackageSaysHowToMakeIt() throws IOException, InterruptedException {
        assertThat(run("deploy", "--group", "rg-tarn", "--zip", "/none/tarn.zip"))
                .isEqualTo(
                        new InfraTools.Said(
                                2,
                                "",
                                """
                There is no /none/tarn.zip. Make it with: mvn -Dquick -DskipTests -pl functions/app -am package
                """));
    }

    @Test
    void deployWithoutValuesSaysWhereTheyComeFrom() throws IOException, InterruptedException {
        String zip = InfraTemplates.FOLDER.resolve("README.md").toString();
        assertThat(run("deploy", "--group", "rg-tarn", "--zip", zip, "--env", "/none/prod.bicepparam"))
                .isEqualTo(
                        new InfraTools.Said(
                                2,
                                "",
                                """
                There is no /none/prod.bicepparam. Copy infra-bicep/env/prod.bicepparam.
                """));
    }

    @Test
    void deployOfAProjectThatIsNotThereIsRefused() throws IOException, InterruptedException {
        String zip = InfraTemplates.FOLDER.resolve("README.md").toString();
        assertThat(run("deploy", "--group", "rg-tarn", "--zip", zip, "--project", "/none"))
                .isEqualTo(new InfraTools.Said(2, "", "There is no project in /none: it has no tarn.yml.\n"));
    }

    @Test
    void destroyWantsTheLakeNamed() throws IOException, InterruptedException {
        assertThat(run("destroy", "--group", "rg-tarn"))
                .isEqualTo(
                        new InfraTools.Said(
                                2,
                                "",
                                """
                Usage: infra-bicep/destroy --group GROUP --lake STORAGE_ACCOUNT
                Removes GROUP with everything in it. STORAGE_ACCOUNT is the lake that you mean to lose.
                """));
    }

    private static InfraTools.Said run(String script, String... arguments) throws IOException, InterruptedException {
        return InfraTools.run(
                Stream.concat(Stream.of(InfraTemplates.FOLDER.resolve(script).toString()), Stream.of(arguments))
                        .toList());
    }
}
