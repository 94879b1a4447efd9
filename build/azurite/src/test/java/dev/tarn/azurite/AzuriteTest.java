package dev.tarn.azurite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzuriteTest {

    @TempDir
    private Path folder;

    @BeforeAll
    static void toolsAreThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    private static int status(URI service) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(service).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void everyLakeIsAnAccountOfItsOwn() throws Exception {
        Azurite azurite = Azurite.shared();

        assertThat(Azurite.shared()).isSameAs(azurite);
        assertThat(azurite.newLake())
                .matches("DefaultEndpointsProtocol=http;AccountName=lake\\d+;AccountKey=[^;]{44};"
                        + "BlobEndpoint=http://127\\.0\\.0\\.1:\\d+/lake\\d+;")
                .isNotEqualTo(azurite.newLake());
    }

    @Test
    void itEndsWhenItIsClosed() throws Exception {
        URI service;
        try (Azurite azurite = Azurite.start(folder.resolve("data"))) {
            service = azurite.service();
            assertThat(status(service)).isEqualTo(400);
            assertThat(azurite.connectionString()).contains("AccountName=tarn;");
        }

        assertThatThrownBy(() -> status(service)).isInstanceOf(ConnectException.class);
        try (Azurite again = Azurite.start(folder.resolve("data"))) {
            assertThat(again.connectionString()).contains("AccountName=tarn;");
        }
    }

    @Test
    void itEndsWithTheProcessThatStartedItEvenIfThatIsKilled() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
            URI service = URI.create(said.readLine());
            ProcessHandle azurite = owner.children().findFirst().orElseThrow();
            assertThat(status(service)).isEqualTo(400);

            owner.destroyForcibly().waitFor();

            azurite.onExit().get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> status(service)).isInstanceOf(ConnectException.class);
        } finally {
            owner.destroyForcibly();
        }
    }

    /** Starts Azurite and waits to be killed. */
    static final class Owner {
        public static void main(String[] arguments) throws Exception {
            try (Azurite azurite = Azurite.start(Path.of(arguments[0]))) {
                System.out.println(azurite.service());
                System.in.read();
            }
        }
    }
}
