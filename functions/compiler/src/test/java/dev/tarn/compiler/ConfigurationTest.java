package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong in the YAML files is refused with its place, what it is, and how to mend it. */
class ConfigurationTest {

    @TempDir
    private Path folder;

    private TestProject project;

    @BeforeEach
    void aProject() {
        project = new TestProject(folder)
                .sql("CREATE MATERIALIZED VIEW gold.partners AS SELECT id, name FROM bronze.res_partner");
    }

    @Test
    void settingsAreRead() {
        project.with(
                "tarn.yml",
                """
                version: 1
                timezone: Asia/Manila
                freshness: 90s
                targets:
                  local: { lake: ./.lake, default: true }
                  prod: { lake: "https://example.blob.core.windows.net", app: "https://example.azurewebsites.net/" }
                """);

        ProjectSettings settings = Compiler.settings(folder);

        assertThat(settings.name()).isEqualTo("test");
        assertThat(settings.timezone()).isEqualTo(ZoneId.of("Asia/Manila"));
        assertThat(settings.freshness()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.targets().get("prod").app()).hasToString("https://example.azurewebsites.net");
        assertThat(settings.defaultTarget()).isEqualTo(new ProjectSettings.Target("local", "./.lake", true));
        assertThat(settings.targets()).containsOnlyKeys("local", "prod");
    }

    @Test
    void aFolderWithoutAProjectIsRefused() {
        assertThatThrownBy(() -> Compiler.settings(folder.resolve("pipelines")))
                .hasMessage(
                        """
                PROJECT_NOT_FOUND  The folder is no project: it has no spark-pipeline.yml.
                    Name the project's folder, or make a project with tarn init.""");
    }

    @Test
    void brokenYamlIsPlaced() {
        assertThat(project.with("tarn.yml", "version: 1\ntargets: { local\n").refusal())
                .isEqualTo(
                        """
                tarn.yml:3:1  CONFIGURATION_INVALID  tarn.yml is not YAML: expected ',' or '}', but got <stream end>.
                    Check indentation, colons and quotes at that place.""");
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearest() {
        assertThat(project.with(
                                "tarn.yml",
                                """
                version: 1
                timezone: UTC
                freshnes: 5m
                budget: { monthly: 25 USD }
                targets:
                  local: { lake: ./.lake, default: true }
                """)
                        .refusal())
                .isEqualTo(
                        """
                tarn.yml:3:1  CONFIGURATION_INVALID  'freshnes' is not a setting that Tarn reads here.
                    Nearest: freshness.
                tarn.yml:4:1  CONFIGURATION_INVALID  'budget' is not a setting that Tarn reads here.
                    Possible here: version, timezone, freshness, attempts, notify, targets.""");
    }

    @Test
    void aProjectHasOneDefaultTarget() {
        assertThat(project.with(
                                "tarn.yml",
                                """
                version: 1
                timezone: UTC
                targets:
                  local: { lake: ./.lake }
                """)
                        .refusal())
                .isEqualTo(
                        """
                tarn.yml:4:3  CONFIGURATION_INVALID  No target is the default.
                    Write default: true at exactly one target.""");
    }

    @Test
    void twoDefaultTargetsAreRefused() {
        assertThat(project.with(
                                "tarn.yml",
                                """
                version: 1
                timezone: UTC
                targets:
                  local: { lake: ./.lake, default: true }
                  prod: { lake: ./prod, default: true }
                """)
                        .refusal())
                .isEqualTo(
                        """
                tarn.yml:4:3  CONFIGURATION_INVALID  More than one target is the default: local, prod.
                    Write default: true at exactly one target.""");
    }

    @Test
    void anUnknownTargetIsNamedWithTheNearest() {
        assertThatThrownBy(() -> Compiler.compile(folder, "locla", OdooTables::schema))
                .hasMessage(
                        """
                CONFIGURATION_INVALID  tarn.yml has no target named locla.
                    Nearest: local.""");
    }

    @Test
    void everyProblemOfAFileIsNamedAtOnce() {
        assertThat(project.with(
                                "tarn.yml",
                                """
                version: 2
                timezone: Asia/Manilla
                freshness: soon
                targets:
                  local: { lake: ./.lake, default: yes please }
                """)
                        .refusal())
                .isEqualTo(
                        """
                tarn.yml:1:10  CONFIGURATION_INVALID  Version 2 of tarn.yml is not known.
                    Write version: 1, or use a newer Tarn.
                tarn.yml:2:11  CONFIGURATION_INVALID  'Asia/Manilla' is not a time zone.
                    Nearest: Asia/Manila.
                tarn.yml:3:12  CONFIGURATION_INVALID  'freshness' is no duration.
                    Write 30s, 5m, 1h or 2d.
                tarn.yml:5:3  CONFIGURATION_INVALID  No target is the default.
                    Write default: true at exactly one target.
                tarn.yml:5:36  CONFIGURATION_INVALID  'default' is neither true nor false.
                    Write default: true.""");
    }

    @Test
    void twoTimeZonesAreRefused() {
        assertThat(project.with(
                                "spark-pipeline.yml",
                                """
                name: test
                storage: file:///tmp/spark
                configuration:
                  spark.sql.session.timeZone: Asia/Manila
                libraries:
                  - glob: { include: pipelines/** }
                """)
                        .refusal())
                .isEqualTo(
                        """
                spark-pipeline.yml:4:31  CONFIGURATION_INVALID  spark.sql.session.timeZone is Asia/Manila and the timezone of tarn.yml \
                is UTC: Spark would put a moment into another day than Tarn.
                    Write the same zone in both.""");
    }

    @Test
    void sparksFileHoldsWhatSparkDemandsAndNothingElse() {
        assertThat(project.with(
                                "spark-pipeline.yml",
                                """
                name: test
                timezone: UTC
                libraries:
                  - glob: { include: pipelines/*.sql }
                """)
                        .refusal())
                .isEqualTo(
                        """
                spark-pipeline.yml:1:1  CONFIGURATION_INVALID  'storage' is missing.
                    Add storage here.
                spark-pipeline.yml:2:1  CONFIGURATION_INVALID  'timezone' is not a setting that Tarn reads here.
                    Possible here: name, storage, catalog, database, schema, configuration, libraries.
                spark-pipeline.yml:4:22  CONFIGURATION_INVALID  'pipelines/*.sql' is not a path that Spark takes.
                    Name a file of the project, or a folder and /** behind it: pipelines/**.""");
    }

    @Test
    void pythonIsRefusedByName() {
        assertThat(project.with("pipelines/b.py", "").refusal())
                .isEqualTo(
                        """
                spark-pipeline.yml:5:22  CONFIGURATION_INVALID  pipelines/b.py is Python, which Tarn does not run.
                    Write the tables in SQL, or leave the file out of 'include'.""");
    }

    @Test
    void aLibraryThatIsAbsentIsNamed() {
        assertThat(project.with(
                                "spark-pipeline.yml",
                                """
                name: test
                storage: file:///tmp/spark
                libraries:
                  - glob: { include: pipelines/zzz.sql }
                """)
                        .refusal())
                .isEqualTo(
                        """
                CONFIGURATION_INVALID  spark-pipeline.yml names pipelines/zzz.sql, which does not exist.
                    Correct the path below libraries.""");
    }

    @Test
    void aPasswordInAFileIsRefusedAndNotRepeated() {
        assertThat(project.with(
                                "sources/odoo.yml",
                                """
                source: odoo
                type: odoo
                connection:
                  database: postgresql://tarn:hunter2@odoo-db/odoo
                  version: 19
                schedule: { every: 5m }
                tables:
                  - model: res.partner
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:4:13  SECRET_INVALID  'database' must name a secret and holds something else.
                    Write ${secret:some-name} and keep the value out of the project; change a password that stood here.""");
    }

    @Test
    void aKeyInTheAddressOfTheLakeIsRefusedAndNotRepeated() {
        assertThat(project.with(
                                "tarn.yml",
                                """
                version: 1
                timezone: UTC
                targets:
                  local: { lake: "https://x.blob.core.windows.net/?sv=1&sig=abc", default: true }
                """)
                        .refusal())
                .isEqualTo(
                        """
                tarn.yml:4:3  CONFIGURATION_INVALID  No target is the default.
                    Write default: true at exactly one target.
                tarn.yml:4:18  CONFIGURATION_INVALID  The address of the lake holds a password or a key.
                    Leave it out of the address, and change it: whoever has the project has seen it.""");
    }

    @Test
    void aContainerIsNoLakeAndAnAppIsAHost() {
        assertThat(project.with(
                                "tarn.yml",
                                """
                version: 1
                timezone: UTC
                targets:
                  local: { lake: ./.lake, default: true }
                  prod: { lake: "abfss://lake@example.dfs.core.windows.net/" }
                  test: { lake: ./.test, app: "https://example.net/api/health" }
                """)
                        .refusal())
                .isEqualTo(
                        """
                tarn.yml:5:17  CONFIGURATION_INVALID  The address of the lake is one of a container, and a lake has a container for each layer.
                    Write the storage account: https://<account>.blob.core.windows.net.
                tarn.yml:6:31  CONFIGURATION_INVALID  'app' is not the address of an app.
                    Write https:// and the host alone: https://my-lake.azurewebsites.net.""");
    }

    @Test
    void otherKindsOfSourcesAndSinksAreRefusedByName() {
        assertThat(project.with("sources/k.yml", "source: k\ntype: kafka\n")
                        .with("sinks/x.yml", "sink: x\ntype: kafka\n")
                        .refusal())
                .isEqualTo(
                        """
                        sinks/x.yml:2:7  CONFIGURATION_INVALID  A sink of type kafka is not written yet.
                            Only type: postgres is.
                        sources/k.yml:2:7  CONFIGURATION_INVALID  A source of type kafka is not read yet.
                            Only type: odoo, type: postgres, type: webhook and type: files are.""");
    }

    @Test
    void twoSourcesThatClaimATableAreNamedWithBothPlaces() {
        assertThat(project.with(
                                "sources/other.yml",
                                """
                source: other
                type: odoo
                connection: { database: "${secret:other}", version: 17 }
                schedule: { every: 5m }
                tables:
                  - table: res_partner
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/other.yml:6:12  TABLE_CLAIMED_TWICE  bronze.res_partner is already filled from sources/odoo.yml:7:12.
                    Remove one of them.""");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() {
        assertThat(project.with("pipelines/big.sql", "-".repeat(1_000_001)).refusal())
                .isEqualTo(
                        """
                pipelines/big.sql:1:1  CONFIGURATION_INVALID  pipelines/big.sql is larger than 1 MB.
                    Split it, or move it out of the project.""");
    }
}
