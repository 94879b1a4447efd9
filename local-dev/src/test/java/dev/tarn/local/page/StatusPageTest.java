package dev.tarn.local.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.status.LakeStatus;
import dev.tarn.connect.status.TableStatus;
import dev.tarn.connect.status.TableStatus.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusPageTest {

    private static final Instant NOW = Instant.parse("2026-11-22T00:10:00Z");

    private StatusPage page;

    @BeforeEach
    void open() {
        TableStatus good = new TableStatus(
                "gold.a", OptionalLong.of(3), Optional.of(NOW.minusSeconds(300)), OptionalLong.of(7), new State.Ok());
        TableStatus bad = new TableStatus(
                "gold.<b>",
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                new State.Failed(
                        "EXPECTATION_FAILED", "0a1b2c3d", 5, "positive failed for 1 of <2> rows.", "Mend the rows."));
        page = StatusPage.open(
                0, () -> new LakeStatus("R&D", "/lake", ZoneId.of("Asia/Manila"), NOW, List.of(good, bad), null));
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void peopleSeeEveryTableAndNamesAreEscaped() throws IOException {
        String answer = get("/", "localhost:" + page.port());

        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("<h1>R&amp;D</h1>", "gold.a", "2026-11-22 08:05:00", "5 min", "gold.&lt;b&gt;")
                .contains("SET ASIDE  EXPECTATION_FAILED after 5 attempts (update 0a1b2c3d)"
                        + "<p>positive failed for 1 of &lt;2&gt; rows.<br>Mend the rows.</p>")
                .doesNotContain("<b>");
    }

    @Test
    void programsGetJson() throws IOException {
        assertThat(get("/status.json", "localhost"))
                .contains(
                        "{\"table\":\"gold.a\",\"version\":3,\"newest\":\"2026-11-22T00:05:00Z\",\"lag\":300,\"rows\":7,"
                                + "\"state\":\"ok\"}")
                .contains("\"state\":\"failed\",\"code\":\"EXPECTATION_FAILED\",\"update\":\"0a1b2c3d\",\"what\":"
                        + "\"positive failed for 1 of <2> rows.\",\"mend\":\"Mend the rows.\",\"setAsideAfter\":5}");
    }

    @Test
    void nothingElseIsThere() throws IOException {
        assertThat(get("/health", "127.0.0.1")).startsWith("HTTP/1.1 200").endsWith("ok\n");
        assertThat(get("/../secrets", "localhost")).startsWith("HTTP/1.1 404");
        assertThat(request("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0"))
                .startsWith("HTTP/1.1 405");
    }

    @Test
    void aForeignNameForThisMachineIsRefused() throws IOException {
        assertThat(get("/", "evil.example")).startsWith("HTTP/1.1 403");
    }

    @Test
    void aTakenPortIsNamedWithTheOption() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> StatusPage.open(port, () -> {
                        throw new IllegalStateException("not asked");
                    }))
                    .hasMessage(
                            """
                            PORT_TAKEN  Port %d of this machine, for the status page, is in use by another program.
                                Choose another with --port; --port 0 takes any that is free."""
                                    .formatted(port));
        }
    }

    private String get(String path, String host) throws IOException {
        return request("GET " + path + " HTTP/1.1\r\nHost: " + host);
    }

    /** Sends the head of a request as it is: a client library would not let a test write any Host. */
    private String request(String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.port());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
