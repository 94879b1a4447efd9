package dev.tarn.connect.odoo.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A web server on this machine that answers as a function says. */
final class LoopbackServer implements AutoCloseable {

    record Request(String method, String path, Map<String, List<String>> headers, String body) {}

    /** @param length announced, more than the body has when the connection is to break; -1 for the body's own */
    record Response(int status, Map<String, String> headers, byte[] body, int length) {

        static Response json(int status, String body) {
            return of(status, "application/json; charset=utf-8", body);
        }

        static Response html(int status, String body) {
            return of(status, "text/html; charset=utf-8", body);
        }

        static Response of(int status, String type, String body) {
            return new Response(status, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8), -1);
        }
    }

    static {
        // Or each answer waits for the client to confirm its first packet.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private LoopbackServer(HttpServer server) {
        this.server = server;
    }

    static LoopbackServer start(Function<Request, Response> answers) throws IOException {
        LoopbackServer loopback =
                new LoopbackServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        loopback.server.setExecutor(loopback.threads);
        loopback.server.createContext("/", exchange -> loopback.answer(exchange, answers));
        loopback.server.start();
        return loopback;
    }

    private void answer(HttpExchange exchange, Function<Request, Response> answers) throws IOException {
        try (exchange) {
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            Response response = answers.apply(request);
            response.headers().forEach(exchange.getResponseHeaders()::add);
            int length = response.length() < 0 ? response.body().length : response.length();
            exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
            exchange.getResponseBody().write(response.body());
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
