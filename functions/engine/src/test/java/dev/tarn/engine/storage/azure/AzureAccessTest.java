package dev.tarn.engine.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.sas.AccountSasPermission;
import com.azure.storage.common.sas.AccountSasResourceType;
import com.azure.storage.common.sas.AccountSasService;
import com.azure.storage.common.sas.AccountSasSignatureValues;
import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.ServiceProxy.Trouble;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may enter, what those are told who may not, and what is never told. */
class AzureAccessTest {

    private static final String OTHER_KEY = "b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMDE=";
    private static final Patience IMPATIENT =
            new Patience(Duration.ofSeconds(1), Duration.ofSeconds(2), 1, Duration.ofMillis(10), Duration.ofMillis(20));

    private Azurite azurite;
    private String lake;

    @BeforeAll
    static void azuriteIsThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    @BeforeEach
    void newLake() throws IOException {
        azurite = Azurite.shared();
        lake = azurite.newLake();
    }

    private String account() {
        return AzureAddress.parse(lake).account();
    }

    private String signature(AccountSasPermission permissions) {
        return new BlobServiceClientBuilder()
                .connectionString(lake)
                .buildClient()
                .generateAccountSas(new AccountSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1),
                        permissions,
                        AccountSasService.parse("b"),
                        AccountSasResourceType.parse("sco")));
    }

    private Storage signed(String signature) {
        return AzureBlobStorage.open(AzureAddress.parse(azurite.service() + "/" + account() + "?" + signature));
    }

    @Test
    void aSharedAccessSignatureOpensTheLake() throws Exception {
        Storage storage = signed(signature(AccountSasPermission.parse("racwdl")));

        assertThat(storage.putIfAbsent("silver/t/a b", new byte[] {1})).isTrue();
        assertThat(storage.read("silver/t/a b")).containsExactly(1);
        assertThat(storage.list("silver/t", "")).hasSize(1);
        assertThat(storage).isEqualTo(AzureBlobStorage.open(AzureAddress.parse(lake)));
    }

    @Test
    void aSignatureWithoutTheRightToWriteIsRefused() {
        Storage storage = signed(signature(AccountSasPermission.parse("rl")));

        assertThatThrownBy(() -> storage.putIfAbsent("silver/t/a", new byte[1]))
                .isInstanceOf(TarnException.class)
                .hasMessage("LAKE_ACCESS_REFUSED  The storage account " + account()
                        + " refuses this shared access signature: AuthorizationPermissionMismatch.\n"
                        + "    Renew the key or signature; a signature needs the rights to read, add, create, write,"
                        + " delete and list in containers and blobs. An identity with the role Storage Blob Data"
                        + " Contributor needs neither.")
                .hasNoCause();
    }

    @Test
    void aMissingContainerIsNamed() {
        Storage storage = AzureBlobStorage.open(AzureAddress.parse(lake));
        String message = "CONFIGURATION_INVALID  The storage account " + account() + " has no container 'platinum'.\n"
                + "    Make the containers landing, bronze, silver, gold and tarn in it, as infra-bicep does.";

        assertThatThrownBy(() -> storage.putIfAbsent("platinum/t/a", new byte[1]))
                .hasMessage(message);
        assertThatThrownBy(() -> storage.list("platinum", "")).hasMessage(message);
        assertThatThrownBy(() -> storage.find("platinum/t/a")).hasMessage(message);
        assertThatThrownBy(() -> storage.read("platinum/t/a")).hasMessage(message);
    }

    @Test
    void noSecretIsToldByExceptionsOrLogs() throws Exception {
        String signature = signature(AccountSasPermission.parse("rl"));
        int closedPort = closedPort();
        try (ServiceProxy proxy = new ServiceProxy(azurite.service())) {
            // As Azure words it: with what the request was signed with.
            proxy.plan((method, path) -> path.contains("echo")
                    ? Optional.of(new Trouble.Instead(
                            403,
                            Map.of("x-ms-error-code", "AuthenticationFailed", "content-type", "application/xml"),
                            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code><Message>"
                                    + "Server failed to authenticate the request.</Message><AuthenticationErrorDetail>"
                                    + "The MAC signature found in the HTTP request 'ECHOEDSIGNATURE=' is not the same as"
                                    + " any computed signature.</AuthenticationErrorDetail></Error>"))
                    : Optional.empty());
            String wrongKey = proxy.through(lake).replaceAll("AccountKey=[^;]*", "AccountKey=" + OTHER_KEY);
            String proxied = AzureAddress.parse(proxy.through(lake)).endpoint() + "?" + signature;

            String said = Speaker.run(
                    wrongKey,
                    proxied,
                    lake.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:" + closedPort),
                    "http://127.0.0.1:" + closedPort + "/" + account() + "?" + signature);

            assertThat(said).contains("LAKE_ACCESS_REFUSED", "STORAGE_UNAVAILABLE", "done", "com.azure");
            assertThat(said)
                    .doesNotContain(OTHER_KEY, "ECHOEDSIGNATURE", signature)
                    .doesNotContain(signature.replaceAll(".*sig=([^&]*).*", "$1"))
                    .doesNotContain(URLDecoder.decode(signature.replaceAll(".*sig=([^&]*).*", "$1"), UTF_8))
                    .doesNotContain(lake.replaceAll(".*AccountKey=([^;]*).*", "$1"));
            assertThat(proxy.signatures())
                    .anySatisfy(header -> assertThat(header).startsWith("SharedKey "));
            proxy.signatures().stream().filter(header -> !header.isEmpty()).forEach(header -> assertThat(said)
                    .doesNotContain(header.substring(header.indexOf(':') + 1)));
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return nobody.getLocalPort();
        }
    }

    /** A process whose libraries log everything: fails at each address in every way, and prints what it gets. */
    static final class Speaker {

        static String run(String... addresses) throws Exception {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Speaker.class.getName())
                    .redirectErrorStream(true);
            builder.environment().put("AZURE_LOG_LEVEL", "verbose");
            builder.environment().put("AZURE_HTTP_LOG_DETAIL_LEVEL", "body_and_headers");
            builder.environment().put("ADDRESSES", String.join("\n", addresses));
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                return new String(process.getInputStream().readAllBytes(), UTF_8);
            } finally {
                process.destroyForcibly();
            }
        }

        public static void main(String[] arguments) {
            for (String text : System.getenv("ADDRESSES").split("\n")) {
                AzureAddress address = AzureAddress.parse(text);
                Storage storage = AzureBlobStorage.open(address, IMPATIENT);
                System.out.println(storage + " " + address + " " + address.login());
                attempt(() -> storage.read("silver/a"));
                attempt(() -> storage.read("silver/echo"));
                attempt(() -> storage.putIfAbsent("silver/b", new byte[1]));
                attempt(() -> storage.putIfAbsent("silver/echo", new byte[1]));
                attempt(() -> storage.list("silver", ""));
                attempt(() -> storage.list("silver/echo", ""));
                attempt(() -> storage.lease("tarn/leases/echo"));
                attempt(() -> storage.find("silver/echo"));
            }
            System.out.println("done");
            System.exit(0);
        }

        private interface Call {
            Object make() throws IOException;
        }

        private static void attempt(Call call) {
            try {
                System.out.println(call.make());
            } catch (IOException | RuntimeException e) {
                e.printStackTrace(System.out);
            }
        }
    }
}
