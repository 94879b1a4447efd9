package dev.tarn.engine.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import com.azure.storage.blob.models.BlobStorageException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in as a function app: the host hands out tokens as App Service does. */
class AzureIdentityTest {

    private static final String TOKEN = "eyJ0b2tlbi1vZi10aGUtYXBwLXRva2VuLW9mLXRoZS1hcHA";
    private static final String HEADER = "secret-of-the-host";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer host;
    private int status;

    @BeforeEach
    void startHost() throws IOException {
        host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        host.createContext("/msi/token", this::handOut);
        host.start();
        status = 200;
    }

    @AfterEach
    void stopHost() {
        host.stop(0);
    }

    private void handOut(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getQuery() + " "
                + HEADER.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER")));
        byte[] answer = (status == 200
                        ? "{\"access_token\":\"" + TOKEN + "\",\"expires_on\":\"4102444800\",\"token_type\":\"Bearer\","
                                + "\"resource\":\"https://storage.azure.com\"}"
                        : "{\"statusCode\":400,\"message\":\"No User Assigned or Delegated Managed Identity found\"}")
                .getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** What a process says that reads a lake behind a port at which nobody listens. */
    private String say(String clientId) throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        App.class.getName(),
                        "https://127.0.0.1:" + nobody + "/tarnlake",
                        clientId)
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "IDENTITY_ENDPOINT",
                        "http://127.0.0.1:" + host.getAddress().getPort() + "/msi/token",
                        "IDENTITY_HEADER",
                        HEADER,
                        "AZURE_LOG_LEVEL",
                        "verbose"));
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(said).contains("com.azure").doesNotContain(TOKEN, HEADER);
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theHostIsAskedForATokenOnceAndThenTheLake() throws Exception {
        String said = say("client-of-the-app");

        assertThat(said)
                .contains(
                        "STORAGE_UNAVAILABLE  The storage account tarnlake did not answer: ConnectException, also when"
                                + " asked again.");
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0))
                .contains("resource=https://storage.azure.com", "client_id=client-of-the-app")
                .endsWith(" true");
        System.out.println(said.lines()
                .filter(line -> line.startsWith("first call"))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void anAppWithoutIdentityIsToldWhatItNeeds() throws Exception {
        status = 400;

        assertThat(say(""))
                .containsPattern(
                        "LAKE_ACCESS_REFUSED  This process got no token to enter the storage account tarnlake as a"
                                + " managed identity: \\w+\\.\n"
                                + "    Give the function app an identity with the role Storage Blob Data Contributor on the"
                                + " account\\. Elsewhere than in Azure, add a shared access signature to the address of the"
                                + " lake\\.\n");
    }

    /** What a process says that reads a lake as the login of an Azure CLI which does as {@code script} says. */
    private static String sayByAzureCli(Path folder, String script) throws Exception {
        Path az = Files.writeString(folder.resolve("az"), "#!/bin/sh\n" + script + "\n");
        assertThat(az.toFile().setExecutable(true)).isTrue();
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        App.class.getName(),
                        "https://127.0.0.1:" + nobody + "/tarnlake",
                        "az login")
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("PATH", folder.toString(), "AZURE_LOG_LEVEL", "verbose"));
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(said).doesNotContain(TOKEN);
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void azureCliIsAskedForATokenOnceAndThenTheLake(@TempDir Path folder) throws Exception {
        String said = sayByAzureCli(
                folder,
                "echo \"$@\" >>" + folder + "/asked\necho '{\"accessToken\":\"" + TOKEN
                        + "\",\"expiresOn\":\"2100-01-01 00:00:00.000000\",\"expires_on\":4102444800,\"tokenType\":\"Bearer\"}'");

        assertThat(said).contains("STORAGE_UNAVAILABLE  The storage account tarnlake did not answer: ConnectException");
        assertThat(Files.readAllLines(folder.resolve("asked")))
                .singleElement()
                .asString()
                .startsWith("account get-access-token ")
                .contains("https://storage.azure.com");
    }

    @Test
    void whoHasNotLoggedInToAzureIsToldTo(@TempDir Path folder) throws Exception {
        assertThat(sayByAzureCli(folder, "echo \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1"))
                .containsPattern(
                        "LAKE_ACCESS_REFUSED  This process got no token to enter the storage account tarnlake as a login of"
                                + " Azure CLI: \\w+\\.\n"
                                + "    Install Azure CLI, sign in with az login, and try again\\. The login needs the role"
                                + " Storage Blob Data Contributor on the storage account\\.\n");
    }

    @Test
    void aLoginWithoutTheRoleIsToldWhichAndWhere() throws IOException {
        host.createContext("/tarnlake", exchange -> {
            exchange.getResponseHeaders().set("x-ms-error-code", "AuthorizationPermissionMismatch");
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        HttpResponse answer = BlobClients.transport(Patience.USUAL)
                .sendSync(
                        new HttpRequest(
                                HttpMethod.GET,
                                "http://127.0.0.1:" + host.getAddress().getPort() + "/tarnlake"),
                        Context.NONE);
        AzureAddress lake =
                AzureAddress.parse("https://tarnlake.blob.core.windows.net").as(new AzureLogin.AzureCli());

        assertThatThrownBy(() -> new Failures(lake).of("tarn/a", new BlobStorageException("refused", answer, null)))
                .hasMessage(
                        """
                        LAKE_ACCESS_REFUSED  The storage account tarnlake refuses this login of Azure CLI: AuthorizationPermissionMismatch.
                            Give whom az account show names the role Storage Blob Data Contributor on the storage account tarnlake; a new role takes some minutes.""");
    }

    /** The process: {@code address clientId}, or {@code az login} instead of a client. */
    static final class App {
        public static void main(String[] arguments) throws IOException {
            AzureAddress address = AzureAddress.parse(arguments[0]);
            Patience impatient = new Patience(
                    Duration.ofSeconds(1), Duration.ofSeconds(5), 1, Duration.ofMillis(10), Duration.ofMillis(20));
            AzureBlobStorage lake = AzureBlobStorage.open(entered(address, arguments[1]), impatient);
            for (int call = 0; call < 2; call++) {
                long began = System.nanoTime();
                try {
                    System.out.println(lake.read("tarn/format.json").length);
                } catch (TarnException refusal) {
                    refusal.printStackTrace(System.out);
                }
                System.out.println((call == 0 ? "first" : "second") + " call, with sign-in: "
                        + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
            }
            System.exit(0);
        }

        private static AzureAddress entered(AzureAddress address, String by) {
            if (by.equals("az login")) {
                return address.as(new AzureLogin.AzureCli());
            }
            return by.isEmpty() ? address : address.as(by);
        }
    }
}
