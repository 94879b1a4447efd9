package dev.tarn.local.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Senders that mean ill, at a server of its own that waits 2 s where {@code tarn up} waits 30. */
@Timeout(60)
class HostileConnectionsTest {

    private static final int SLOW = 40;

    private static final String HEAD = "POST /api/webhooks/orders HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nX-Webhook-Secret: " + OpenDoor.SECRET + "\r\n";

    @TempDir
    Path folder;

    private Process server;
    private int port;

    @BeforeEach
    void open() throws IOException {
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dsun.net.httpserver.maxReqTime=2",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenDoor.class.getName(),
                        folder.resolve("lake").toString())
                .redirectError(folder.resolve("said").toFile())
                .start();
        String line = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8)).readLine();
        port = Integer.parseInt(line.substring("port ".length()));
    }

    @AfterEach
    void close() throws Exception {
        server.getOutputStream().close();
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void write(Socket socket, String bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes.getBytes(ISO_8859_1));
        out.flush();
    }

    /** Everything that is answered until the server closes the connection. */
    private String raw(String request) throws IOException {
        try (Socket socket = connect();
                InputStream in = socket.getInputStream()) {
            write(socket, request);
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private String send(String id) throws IOException {
        String body = "{\"id\":\"" + id + "\"}";
        return raw(HEAD + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);
    }

    /** All that lies in the inbox. */
    private String stored() throws IOException {
        Path inbox = folder.resolve("lake/tarn/inbox/orders");
        if (!Files.exists(inbox)) {
            return "";
        }
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(inbox)) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void whoeverTricklesIsCutOffAndOthersAreServedMeanwhile() throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int client = 0; client < SLOW; client++) {
            Socket socket = connect();
            write(socket, client % 2 == 0 ? HEAD + "X-Slow: " : HEAD + "Content-Length: 500\r\n\r\n{\"id\":\"slow");
            slow.add(socket);
        }

        long begun = System.nanoTime();
        assertThat(send("quick")).startsWith("HTTP/1.1 202");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));

        List<Socket> open = new ArrayList<>(slow);
        while (!open.isEmpty()) {
            // A byte now and then keeps every time-out of a single read from passing.
            open.removeIf(HostileConnectionsTest::isCutOff);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        }
        assertThat(stored()).contains("\"id\":\"quick\"").doesNotContain("slow");
    }

    private static boolean isCutOff(Socket socket) {
        try {
            write(socket, "a");
            socket.setSoTimeout(20);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void aRequestThatReadersCouldEndAtDifferentPlacesIsRefusedAndItsRestIsNoRequest() throws IOException {
        String hidden = HEAD + "Content-Length: 15\r\n\r\n{\"id\":\"hidden\"}";
        String chunk = "d\r\n{\"id\":\"seen\"}\r\n0\r\n\r\n";
        for (String ambiguous : List.of(
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk,
                "Transfer-Encoding: chunked\r\nContent-Length: 200\r\n\r\n" + chunk,
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunk,
                "Transfer-Encoding: xchunked\r\n\r\n" + chunk,
                "Transfer-Encoding: chunked, identity\r\n\r\n" + chunk,
                "Content-Length: 13\r\nContent-Length: 0\r\n\r\n{\"id\":\"seen\"}",
                "Content-Length: 0\r\nContent-Length: 13\r\n\r\n{\"id\":\"seen\"}",
                "Content-Length: 13, 0\r\n\r\n{\"id\":\"seen\"}",
                "Content-Length: +13\r\n\r\n{\"id\":\"seen\"}",
                "Content-Length: -1\r\n\r\n{\"id\":\"seen\"}",
                "Content-Length: \r\n\r\n{\"id\":\"seen\"}")) {
            assertThat(raw(HEAD + ambiguous + hidden))
                    .as(ambiguous)
                    .matches("(?s)HTTP/1\\.1 (400|501) .*")
                    .containsIgnoringCase("Connection: close")
                    .containsOnlyOnce("HTTP/1.1");
        }
        assertThat(stored()).isEmpty();
        assertThat(raw(HEAD + "Content-Length: 13\r\n\r\n{\"id\":\"seen\"}"
                        + hidden.replace("\r\nHost", "\r\nConnection: close\r\nHost")))
                .as("two requests as they should be")
                .contains("[\"seen\"]", "[\"hidden\"]");
    }

    @Test
    void noHeaderCanBeSlippedIntoAnother() throws IOException {
        String end = "Content-Length: 13\r\nConnection: close\r\n\r\n{\"id\":\"seen\"}";
        String stranger = "POST /api/webhooks/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        for (String folded : List.of(
                "X-Note: a\r\n X-Webhook-Secret: " + OpenDoor.SECRET + "\r\n",
                "X-Webhook-Secret: s3cr3t-of-\r\n orders\r\n")) {
            assertThat(raw(stranger + folded + end)).as(folded).startsWith("HTTP/1.1 401");
        }
        for (String second : List.of("\r", "\n")) {
            assertThat(raw(HEAD + "X-Note: a" + second + "X-Webhook-Secret: guess\r\n" + end))
                    .startsWith("HTTP/1.1 401");
        }
        for (String name : List.of("X-Note : a\r\n", "X-Note\r\n", " X-Note: a\r\n")) {
            assertThat(raw(HEAD.replace("Host: localhost\r\n", name) + end))
                    .as(name)
                    .startsWith("HTTP/1.1 4");
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void whatControlsATerminalReachesNeitherAnswerNorLogNorLake() throws IOException {
        String end = "Content-Length: 13\r\nConnection: close\r\n\r\n{\"id\":\"seen\"}";
        for (String control : List.of("\u001b[31m", "\u0000", "\u0007", "\u007f", "\u009b")) {
            assertThat(raw(HEAD + "X-Note: a" + control + "injected\r\n" + end))
                    .startsWith("HTTP/1.1 422")
                    .endsWith(
                            "{\"status\":\"refused\",\"code\":\"WEBHOOK_INVALID\",\"what\":\"The header x-note holds a control"
                                    + " character.\",\"mend\":\"Send it without; nothing was kept.\"}\n");
        }
        for (String path :
                List.of("orders%0d%0ainjected", "orders%1b[31minjected", "orders\u001binjected", "or\rinjected")) {
            assertThat(raw(HEAD.replace("/orders", "/" + path) + end))
                    .as(path)
                    .matches("(?s)HTTP/1\\.1 40[04] .*")
                    .doesNotContain("injected", "\u001b");
        }
        assertThat(stored()).isEmpty();
        String id = "{\"id\":\"a\\r\\n\\u001b[31minjected\"}";
        assertThat(raw(HEAD + "Content-Length: " + id.length() + "\r\nConnection: close\r\n\r\n" + id))
                .endsWith("{\"status\":\"accepted\",\"event_ids\":[\"a\\r\\n\\u001B[31minjected\"]}\n");
        assertThat(stored()).contains("injected").doesNotContain("\u001b", "\r");
        assertThat(folder.resolve("said")).isEmptyFile();
    }

    @Test
    void theSecretIsNotKeptInAnotherHeader() throws IOException {
        assertThat(raw(HEAD + "X-Note: echo " + OpenDoor.SECRET
                        + "!\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"id\":\"1\"}"))
                .startsWith("HTTP/1.1 202");
        assertThat(stored()).contains("echo [redacted]!").doesNotContain(OpenDoor.SECRET);
    }

    @Test
    void theServersOwnTimeOutIsThirtySeconds() {
        StatusPage.open(0, () -> {
                    throw new IllegalStateException("nobody asks");
                })
                .close();
        assertThat(System.getProperty("sun.net.httpserver.maxReqTime")).isEqualTo("30");
    }
}
