package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** No Azure can be asked while building: what can be found wrong without it is found here. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfraTemplatesTest {

    private static final Pattern OUTPUT = Pattern.compile("(\\w+)!?\\.outputs\\.(\\w+)");
    private static final Pattern FETCHED = Pattern.compile("\\$\\(output (\\w+)\\)");
    private static final Pattern PASSED = Pattern.compile("(?<=[ \\n])(\\w+)=\"\\$");

    private InfraTemplates templates;

    @BeforeAll
    void parse() throws IOException, InterruptedException {
        templates = InfraTemplates.parsed();
    }

    @Test
    void everyFileIsBicep() throws IOException {
        try (Stream<Path> files = Files.walk(InfraTemplates.FOLDER)) {
            assertThat(templates.paths())
                    .isEqualTo(files.map(file ->
                                    InfraTemplates.FOLDER.relativize(file).toString())
                            .filter(file -> file.endsWith(".bicep") || file.endsWith(".bicepparam"))
                            .collect(Collectors.toCollection(TreeSet::new)))
                    .contains("main.bicep", "events.bicep", "modules/app.bicep", "env/prod.bicepparam");
        }
    }

    @Test
    void aFileThatIsNoBicepIsNamed(@TempDir Path folder) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("fine.bicep"), "param name string\n");
        Files.writeString(folder.resolve("worse.bicep"), "param name string = {\n");

        InfraTools.Said said = InfraTools.installed().parse(folder);

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).startsWith("worse.bicep: ");
    }

    @Test
    void everyModuleIsUsedAndGivenWhatItDeclares() {
        Map<String, InfraTemplates.Module> modules = templates.modules("main.bicep");

        assertThat(modules.values().stream().map(InfraTemplates.Module::path))
                .containsExactlyInAnyOrderElementsOf(templates.paths().stream()
                        .filter(path -> path.startsWith("modules/"))
                        .toList());
        modules.values().forEach(module -> assertThat(module.given())
                .as(module.path())
                .isEqualTo(templates.parameters(module.path()))
                .isNotEmpty());
    }

    @Test
    void everyOutputThatIsReadIsMade() throws IOException {
        Map<String, InfraTemplates.Module> modules = templates.modules("main.bicep");
        Matcher outputs = OUTPUT.matcher(templates.text("main.bicep"));
        int read = 0;
        while (outputs.find()) {
            assertThat(templates.outputs(modules.get(outputs.group(1)).path()))
                    .as(outputs.group())
                    .contains(outputs.group(2));
            read++;
        }
        assertThat(read).isGreaterThan(20);
    }

    @Test
    void theEnvironmentsGiveAllThatIsNeededAndNothingUnknown() {
        templates.paths().stream().filter(path -> path.endsWith(".bicepparam")).forEach(path -> assertThat(
                        templates.variables(path))
                .as(path)
                .isSubsetOf(templates.parameters("main.bicep"))
                .containsAll(templates.requiredParameters("main.bicep")));
    }

    @Test
    void theScriptCarriesTheOutputsOfTheFirstPhaseIntoTheSecond() throws IOException {
        String script = templates.text("deploy");

        assertThat(FETCHED.matcher(script).results().map(output -> output.group(1)))
                .isNotEmpty()
                .isSubsetOf(templates.outputs("main.bicep"));
        String events = script.substring(script.indexOf("events.bicep\" -o none -p"), script.indexOf("== 5 of 6"));
        assertThat(PASSED.matcher(events).results().map(parameter -> parameter.group(1)))
                .containsExactlyInAnyOrderElementsOf(templates.parameters("events.bicep"));
    }

    @Test
    void noStorageAccountHasKeysOrPublicBlobs() {
        Stream.of("modules/storage.bicep", "modules/host-storage.bicep").forEach(path -> {
            assertThat(templates.resource(path, "account").path("kind").asText())
                    .as(path)
                    .isEqualTo("StorageV2");
            assertThat(templates
                            .resource(path, "account")
                            .at("/properties/allowSharedKeyAccess")
                            .asBoolean(true))
                    .as(path)
                    .isFalse();
            assertThat(templates
                            .resource(path, "account")
                            .at("/properties/allowBlobPublicAccess")
                            .asBoolean(true))
                    .as(path)
                    .isFalse();
        });
    }
}
