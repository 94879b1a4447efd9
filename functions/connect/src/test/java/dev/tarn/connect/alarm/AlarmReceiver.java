package dev.tarn.connect.alarm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Whoever gets the notifications: takes those that are signed with the secret, refuses others with 401. */
public final class AlarmReceiver implements AutoCloseable {

    public static final String SECRET = "correct horse battery staple";

    private static final Pattern SIGNATURE = Pattern.compile("t=(\\d+),v1=([0-9a-f]{64})");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private volatile int answer = 204;
    private volatile int asked;

    private AlarmReceiver(HttpServer server) {
        this.server = server;
    }

    public static AlarmReceiver open() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AlarmReceiver receiver = new AlarmReceiver(server);
        server.createContext("/webhook/4711", receiver::take);
        server.start();
        return receiver;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhook/4711");
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked++;
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = isSigned(exchange, body) ? answer : 401;
            if (status < 300) {
                received.add(JSON.readTree(body));
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private boolean isSigned(HttpExchange exchange, byte[] body) {
        Matcher signature = SIGNATURE.matcher(exchange.getRequestHeaders().getFirst("X-Tarn-Signature"));
        if (!exchange.getRequestMethod().equals("POST") || !signature.matches()) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            String signed = signature.group(1) + "." + new String(body, UTF_8);
            times.add(Long.valueOf(signature.group(1)));
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(UTF_8))).equals(signature.group(2));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on it answers so. */
    void answer(int status) {
        answer = status;
    }

    int asked() {
        return asked;
    }

    long lastSignedAt() {
        return times.get(times.size() - 1);
    }

    /** What came since the last call: as {@link #all}. */
    List<String> heard() {
        List<String> heard = all();
        received.clear();
        return heard;
    }

    /** What came so far: type, what is mended, and table. */
    public List<String> all() {
        return received.stream()
                .map(json -> json.path("type").asText() + " "
                        + (json.has("mended") ? json.path("mended").asText() + " " : "")
                        + json.path("table").asText())
                .toList();
    }

    /** The first that is of that type and table. */
    public JsonNode alarm(String type, String table) {
        return received.stream()
                .filter(json -> json.path("type").asText().equals(type)
                        && json.path("table").asText().equals(table))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody told of " + type + " of " + table + ": " + all()));
    }

    /** What came last. */
    JsonNode last() {
        return received.get(received.size() - 1);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
