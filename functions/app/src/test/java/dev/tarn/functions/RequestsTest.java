package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.tarn.worker.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsTest {

    private static final Map<String, String> KNOWN = Map.of("Authorization", "Bearer open sesame");

    private static final String REFERENCE = "@Microsoft.KeyVault(VaultName=kv;SecretName=tarn-status-key)";

    @TempDir
    private Path folder;

    private @Nullable AppLake app;

    @AfterEach
    void close() {
        if (app != null) {
            app.close();
        }
    }

    @Test
    void anAppThatCanWorkIsHealthy() throws IOException {
        open();
        new OrdersLake(app.open()).deploy();

        HttpResponseMessage answer = health();

        assertThat(answer.getStatusCode()).isEqualTo(200);
        assertThat(answer.getBody())
                .isEqualTo(
                        "{\"ready\":true,\"plan\":\"0123456789abcdef\",\"version\":\"unpacked\",\"lake\":\"open\",\"problems\":[]}\n");
    }

    @Test
    void anAppWithoutALakeIsNotHealthyAndSaysWhy() {
        app = new AppLake(Settings.of(null, folder.resolve("workspace")), Map.of());

        HttpResponseMessage answer = health();

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getBody())
                .isEqualTo(
                        "{\"ready\":false,\"plan\":null,\"version\":\"unpacked\",\"lake\":\"closed\",\"problems\":[{\"code\":"
                                + "\"CONFIGURATION_INVALID\",\"what\":\"The setting tarn.lake is missing, so the app has no lake.\","
                                + "\"mend\":\"Set TARN_LAKE to the lake's storage account, for example"
                                + " https://<account>.blob.core.windows.net, or to its folder, for example file:///srv/lake.\"}]}\n");
    }

    @Test
    void anAppWithoutAPlanIsNotHealthyAndSaysWhy() {
        open();

        HttpResponseMessage answer = health();

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getBody())
                .isEqualTo(
                        "{\"ready\":false,\"plan\":null,\"version\":\"unpacked\",\"lake\":\"open\",\"problems\":[{\"code\":"
                                + "\"PROJECT_NOT_FOUND\",\"what\":\"The lake has no plan, so there is nothing to run.\",\"mend\":"
                                + "\"Deploy the project to this lake.\"}]}\n");
    }

    @Test
    void anAppThatMissesASecretIsNotHealthyAndNamesIt() throws IOException {
        open();
        new OrdersLake(app.open()).deployWithSink();

        HttpResponseMessage answer = health();

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getBody())
                .isEqualTo(
                        "{\"ready\":false,\"plan\":\"0123456789abcdef\",\"version\":\"unpacked\",\"lake\":\"open\",\"problems\":[{"
                                + "\"code\":\"SECRET_MISSING\",\"what\":\"${secret:portal-url} is not set: the app has no setting"
                                + " TARN_SECRET_PORTAL_URL.\",\"mend\":\"Put the value into the Key Vault as portal-url, make"
                                + " TARN_SECRET_PORTAL_URL a reference to it, and restart the app.\"}]}\n");
    }

    @Test
    void anybodySeesNoMoreThanWhetherTheAppWorksAndByWhichPlan() throws IOException {
        open();
        new OrdersLake(app.open()).deployWithSink();

        for (Map<String, String> headers :
                List.<Map<String, String>>of(Map.of(), Map.of("Authorization", "Bearer open"))) {
            HttpResponseMessage answer = health("open sesame", headers);
            assertThat(answer.getStatusCode()).isEqualTo(503);
            assertThat(answer.getBody()).isEqualTo("{\"ready\":false,\"plan\":\"0123456789abcdef\"}\n");
        }
        assertThat(health(null, KNOWN).getBody()).isEqualTo("{\"ready\":false,\"plan\":\"0123456789abcdef\"}\n");
    }

    @Test
    void whoHasTheKeySeesTheStatus() throws IOException {
        open();
        new OrdersLake(app.open()).deploy();
        String login = Base64.getEncoder().encodeToString("anybody:open sesame".getBytes(UTF_8));

        for (Map<String, String> headers : List.of(KNOWN, Map.of("authorization", "Basic " + login))) {
            HttpResponseMessage page = status("open sesame", new Request(HttpMethod.GET, headers, Map.of(), ""));

            assertThat(page.getStatusCode()).isEqualTo(200);
            assertThat(page.getHeader("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.getBody().toString()).contains("<h1>orders</h1>", "silver.doubled", "?format=json");
        }
        HttpResponseMessage json =
                status("open sesame", new Request(HttpMethod.GET, KNOWN, Map.of("format", "json"), ""));
        assertThat(json.getHeader("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(json.getBody().toString()).startsWith("{\"project\":\"orders\"");
    }

    @Test
    void whoHasNotIsAskedForTheKey() {
        open();
        String wrong = Base64.getEncoder().encodeToString("anybody:open".getBytes(UTF_8));

        for (Map<String, String> headers : List.<Map<String, String>>of(
                Map.of(),
                Map.of("Authorization", "Bearer "),
                Map.of("Authorization", "Basic " + wrong),
                Map.of("Authorization", "Basic ~"),
                Map.of("Authorization", "open sesame"))) {
            HttpResponseMessage answer = status("open sesame", new Request(HttpMethod.GET, headers, Map.of(), ""));

            assertThat(answer.getStatusCode()).isEqualTo(401);
            assertThat(answer.getHeader("WWW-Authenticate")).isEqualTo("Basic realm=\"Tarn\", charset=\"UTF-8\"");
            assertThat(answer.getBody())
                    .isEqualTo(
                            """
                            The status is shown to whoever has the key.
                            Give the value of TARN_STATUS_KEY as the password, with any user name, or as a Bearer token.
                            """);
        }
    }

    @Test
    void withoutAKeyNobodySeesTheStatus() {
        open();
        Request empty = new Request(HttpMethod.GET, Map.of("Authorization", "Bearer "), Map.of(), "");
        Request guessed = new Request(HttpMethod.GET, Map.of("Authorization", "Bearer " + REFERENCE), Map.of(), "");

        for (String none : new @Nullable String[] {null, "", "  ", REFERENCE}) {
            HttpResponseMessage answer = status(none, REFERENCE.equals(none) ? guessed : empty);

            assertThat(answer.getStatusCode()).isEqualTo(401);
            assertThat(answer.getBody())
                    .isEqualTo(
                            """
                            The setting TARN_STATUS_KEY is missing or refers to a Key Vault that Azure could not follow, so \
                            nobody may see the status.
                            Set it to a long random text, best as a reference to a Key Vault, and restart the app.
                            """);
        }
    }

    @Test
    void theStatusOfALakeWithoutAPlanSaysSo() {
        open();

        HttpResponseMessage answer = status("open sesame", new Request(HttpMethod.GET, KNOWN, Map.of(), ""));

        assertThat(answer.getStatusCode()).isEqualTo(404);
        assertThat(answer.getBody())
                .isEqualTo("PROJECT_NOT_FOUND  The lake has no plan, so there is nothing to run.\n"
                        + "    Deploy the project to this lake.\n");
    }

    @Test
    void whatNoProjectCanOpenYetSaysSo() {
        Request request = new Request(HttpMethod.POST, Map.of(), Map.of(), "{}");

        HttpResponseMessage sql = new SqlFunction().run(request);

        assertThat(sql.getStatusCode()).isEqualTo(501);
        assertThat(sql.getBody())
                .isEqualTo(
                        "not configured: this version of Tarn answers no SQL over HTTP. Query the tables with tarn table"
                                + " read, or with any reader of Delta tables.\n");
    }

    private void open() {
        app = new AppLake(
                Settings.of(folder.resolve("lake").toUri().toString(), folder.resolve("workspace")), Map.of());
    }

    private HttpResponseMessage health() {
        return health("open sesame", KNOWN);
    }

    private HttpResponseMessage health(@Nullable String key, Map<String, String> headers) {
        Settings settings = new Settings(Optional.empty(), folder, Optional.ofNullable(key));
        return new HealthFunction(new RunningApp(app), settings)
                .run(new Request(HttpMethod.GET, headers, Map.of(), ""));
    }

    private HttpResponseMessage status(@Nullable String key, Request request) {
        Settings settings = new Settings(Optional.empty(), folder, Optional.ofNullable(key));
        return new StatusFunction(new RunningApp(app), settings).run(request);
    }
}
