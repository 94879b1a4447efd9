package dev.tarn.local.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.connect.status.LakeStatus;
import dev.tarn.connect.status.StatusHtml;
import dev.tarn.connect.status.StatusJson;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The page on {@code http://localhost}: {@code /} for people, {@code /status.json} for programs, {@code /health} for
 * watchdogs. It listens on the loopback address only, since whoever reaches it may read it.
 */
public final class StatusPage implements AutoCloseable {

    /** A request for a webhook waits until it is durable; n8n sends all items of a workflow at once. */
    private static final int THREADS = 256;

    private static final int BACKLOG = 256;
    private static final long IDLE_SECONDS = 30;

    static {
        // Senders that do not go on, and answers that wait for the acknowledgement of their first packet.
        for (String[] setting : new String[][] {
            {"sun.net.httpserver.maxReqTime", "30"},
            {"sun.net.httpserver.maxRspTime", "60"},
            {"sun.net.httpserver.nodelay", "true"}
        }) {
            if (System.getProperty(setting[0]) == null) {
                System.setProperty(setting[0], setting[1]);
            }
        }
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Supplier<LakeStatus> status;

    private StatusPage(HttpServer server, Supplier<LakeStatus> status) {
        this.server = server;
        this.status = status;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "tarn-page");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Starts to answer.
     *
     * @param port to listen on; 0 takes any that is free
     * @param status called for every request
     * @throws TarnException PORT_TAKEN when another program listens there
     */
    public static StatusPage open(int port, Supplier<LakeStatus> status) {
        try {
            HttpServer server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            StatusPage page = new StatusPage(server, status);
            server.createContext("/", page::answer);
            server.setExecutor(page.threads);
            server.start();
            return page;
        } catch (BindException e) {
            throw new TarnException(
                    ErrorCode.PORT_TAKEN,
                    "Port " + port + " of this machine, for the status page, is in use by another program.",
                    "Choose another with --port; --port 0 takes any that is free.",
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("the status page could not be opened on port " + port, e);
        }
    }

    /** Opens the door to webhooks, beside the page. */
    public void open(WebhookDoor door) {
        server.createContext(WebhookDoor.PATH, door::answer);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            respond(exchange);
        }
    }

    private void respond(HttpExchange exchange) throws IOException {
        if (!isForThisMachine(exchange)) {
            send(exchange, 403, "text/plain", "Only under the name localhost.\n");
            return;
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET");
            send(exchange, 405, "text/plain", "Only GET.\n");
            return;
        }
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> send(exchange, 200, "text/html", StatusHtml.of(status.get(), "/status.json"));
                case "/status.json" -> send(exchange, 200, "application/json", StatusJson.of(status.get()) + "\n");
                case "/health" -> send(exchange, 200, "text/plain", "ok\n");
                default -> send(exchange, 404, "text/plain", "There is /, /status.json and /health.\n");
            }
        } catch (TarnException e) {
            send(exchange, e.code().httpStatus(), "text/plain", e.getMessage() + "\n");
        }
    }

    /** A page of another site may lead its own name to this address; it then still sends that name. */
    private static boolean isForThisMachine(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    }

    private static void send(HttpExchange exchange, int code, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
