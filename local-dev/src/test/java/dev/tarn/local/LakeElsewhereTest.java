package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.azure.ServiceProxy;
import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways into a lake that is in a storage account, and what is told to whom they are closed. */
class LakeElsewhereTest {

    private static final String OTHER_KEY = "b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMDE=";

    private AccountOfLake lake;

    @BeforeEach
    void newLake(@TempDir Path folder) throws IOException {
        lake = AccountOfLake.of(SampleCopy.in(folder));
    }

    private String account() {
        return lake.address().replaceAll(".*/", "");
    }

    private static void assertRefused(TarnRun run, int exitCode, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).doesNotContain(OTHER_KEY);
    }

    @Test
    void aWrongKeyIsRefusedAndNotRepeated() {
        Map<String, String> wrong =
                Map.of("TARN_LAKE", lake.connection().replaceAll("AccountKey=[^;]*", "AccountKey=" + OTHER_KEY));
        String message =
                """
                LAKE_ACCESS_REFUSED  The storage account %s refuses this shared key: AuthorizationFailure.
                    Renew the key or signature; a signature needs the rights to read, add, create, write, delete and list in containers and blobs. An identity with the role Storage Blob Data Contributor needs neither."""
                        .formatted(account());

        for (String command : List.of("status", "runs", "deploy", "update")) {
            assertRefused(lake.tarn(wrong, command), 2, message);
        }
        TarnRun doctor = lake.tarn(wrong, "doctor");
        assertThat(doctor.out())
                .contains(" FAIL  storage   LAKE_ACCESS_REFUSED  The storage account " + account())
                .doesNotContain(OTHER_KEY);
        assertThat(doctor.exitCode()).isEqualTo(1);
    }

    @Test
    void aMissingContainerIsNamed() throws IOException {
        try (ServiceProxy proxy = new ServiceProxy(Azurite.shared().service())) {
            String through = proxy.through(lake.connection());
            lake.project().change("tarn.yml", lake.address(), through.replaceAll(".*BlobEndpoint=([^;]*);.*", "$1"));
            proxy.plan((method, path) -> path.contains("/tarn")
                    ? Optional.of(
                            new ServiceProxy.Trouble.Instead(404, Map.of("x-ms-error-code", "ContainerNotFound"), ""))
                    : Optional.empty());

            assertRefused(
                    lake.tarn(Map.of("TARN_LAKE", through), "deploy"),
                    2,
                    """
                    CONFIGURATION_INVALID  The storage account %s has no container 'tarn'.
                        Make the containers landing, bronze, silver, gold and tarn in it, as infra-bicep does."""
                            .formatted(account()));
        }
    }

    @Test
    void theWayIntoAnotherLakeIsRefused() {
        assertRefused(
                lake.tarn(Map.of("TARN_LAKE", "https://other.blob.core.windows.net/?sv=1&sig=" + OTHER_KEY), "status"),
                2,
                """
                CONFIGURATION_INVALID  The lake of target prod is %s, and TARN_LAKE is the way into https://other.blob.core.windows.net.
                    Set TARN_LAKE to the way into this lake, or unset it to enter as az login does."""
                        .formatted(lake.address()));
        assertRefused(
                lake.tarn(Map.of("TARN_LAKE", "https://other.blob.core.windows.net/?key=" + OTHER_KEY), "status"),
                2,
                """
                CONFIGURATION_INVALID  TARN_LAKE: The address of the lake is not one of a storage account: what follows its question mark is no shared access signature.
                    Set it to the address of target prod with a shared access signature or to the account's connection string, or unset it to enter as az login does.""");
        assertRefused(
                lake.tarn(Map.of("TARN_LAKE", "file:///srv/lake"), "status"),
                2,
                """
                CONFIGURATION_INVALID  The lake of target prod is %s, and TARN_LAKE is the way into /srv/lake.
                    Set TARN_LAKE to the way into this lake, or unset it to enter as az login does."""
                        .formatted(lake.address()));
    }

    @Test
    void aServiceOfThisMachineIsNotEnteredByALoginOfAzure() {
        assertRefused(
                lake.tarn(Map.of(), "status"),
                2,
                """
                CONFIGURATION_INVALID  Nothing says how to enter the lake of target prod, %s: a login of Azure CLI goes to https only.
                    Set TARN_LAKE to the connection string of the account."""
                        .formatted(lake.address()));
    }

    @Test
    void anAddressThatIsNoneIsRefusedWithItsTarget() throws IOException {
        String mend =
                "    Write https://<account>.blob.core.windows.net, or a folder. What lets one in has no place in a project:"
                        + " it is the login of Azure CLI, or TARN_LAKE.";
        lake.project().change("tarn.yml", lake.address(), "https://x.blob.core.windows.net/lake");
        assertRefused(
                lake.tarn("status"),
                2,
                "CONFIGURATION_INVALID  Target prod of tarn.yml: The address of the lake is not one of a storage account: it"
                        + " goes on behind the account; a lake has a container for each layer.\n" + mend);
        lake.project().change("tarn.yml", "https://x.blob.core.windows.net/lake", "s3://bucket");
        assertRefused(
                lake.tarn("status"),
                2,
                "CONFIGURATION_INVALID  Target prod of tarn.yml: The address of the lake is not one of a storage account: it"
                        + " is not https, which only a service of this machine may do without.\n" + mend);
        lake.project().change("tarn.yml", "s3://bucket", "file:lake");
        assertRefused(
                lake.tarn("status"),
                2,
                "CONFIGURATION_INVALID  Target prod of tarn.yml: The address of the lake begins with file: and names no"
                        + " folder.\n" + mend);
    }

    @Test
    void aFolderCanBeWrittenAsAnAddress(@TempDir Path folder) throws IOException {
        lake.project().change("tarn.yml", lake.address(), folder.toUri().toString());

        assertThat(lake.tarn("deploy").exitCode()).isZero();
        assertThat(Files.readString(folder.resolve("tarn/plans/current"))).hasSizeGreaterThan(12);
    }

    @Test
    void theStorageOfThisMachineIsNoneOfThatLake() {
        assertRefused(
                lake.tarn("status", "--storage", "azurite"),
                2,
                """
                USAGE  The lake of target prod is %s; --storage is about lakes of this machine.
                    Leave --storage out, or name a folder with --root."""
                        .formatted(lake.address()));
    }

    @Test
    void theDoctorSaysWhatRunsThere() throws IOException {
        Map<String, String> way = Map.of("TARN_LAKE", lake.connection());
        String storage = " ok    storage   " + lake.address() + ", entered by shared key, can be read and written\n";

        TarnRun empty = lake.tarn(way, "doctor");
        lake.tarn(way, "deploy");
        TarnRun deployed = lake.tarn(way, "doctor");
        lake.project().change("pipelines/finance/silver_product.sql", "COMMENT 'Products", "COMMENT 'All products");
        TarnRun changed = lake.tarn(way, "doctor");

        assertThat(empty.out())
                .startsWith(
                        storage
                                + """
                 warn  storage   there is no lake yet
                                 -> tarn deploy --target prod makes it.
                 FAIL  odoo      SECRET_MISSING  ${secret:odoo-url} is not set for target prod.
                """);
        assertThat(deployed.out())
                .startsWith(
                        storage
                                + " ok    plan      the plan " + lake.plan() + " runs, which is the project\n"
                                + """
                 warn  app       target prod names no app, so its secrets were not looked at
                                 -> Write app: https://<app>.azurewebsites.net into the target of tarn.yml.
                """);
        assertThat(changed.out())
                .contains(
                        """
                 warn  plan      the plan %s runs, which is not the project as it is here
                                 -> Put the project there with tarn deploy --target prod.
                """
                                .formatted(lake.plan()));
        assertThat(lake.storage().list("tarn/doctor", "")).isEmpty();
    }
}
