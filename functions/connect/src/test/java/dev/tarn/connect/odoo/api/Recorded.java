package dev.tarn.connect.odoo.api;

import dev.tarn.model.SecretRef;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server that gives prepared answers, for each path in order, the last again and again. */
final class Recorded implements AutoCloseable {

    static final String KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

    private final Map<String, Deque<LoopbackServer.Response>> answers = new HashMap<>();
    private final LoopbackServer server;
    final TestClock clock = new TestClock();

    Recorded() throws IOException {
        server = LoopbackServer.start(this::next);
    }

    private synchronized LoopbackServer.Response next(LoopbackServer.Request request) {
        Deque<LoopbackServer.Response> left = answers.get(request.path());
        if (left == null) {
            return LoopbackServer.Response.html(404, "<h1>Not Found</h1>");
        }
        return left.size() > 1 ? left.pop() : left.getFirst();
    }

    Recorded on(String path, LoopbackServer.Response... responses) {
        answers.put(path, new ArrayDeque<>(Arrays.asList(responses)));
        return this;
    }

    /** An Odoo 19 that takes the key and answers {@code search_read} of moves so. */
    static Recorded json2(LoopbackServer.Response... answers) throws IOException {
        return new Recorded()
                .on("/web/version", file(200, "web-version.json"))
                .on(
                        "/json/2/res.users/context_get",
                        LoopbackServer.Response.json(200, "{\"lang\": \"en_US\", \"uid\": 2}"))
                .on("/json/2/account.move/search_read", answers);
    }

    /** An Odoo 17 that takes the key and answers every call so. */
    static Recorded jsonRpc(LoopbackServer.Response... answers) throws IOException {
        LoopbackServer.Response[] all = new LoopbackServer.Response[answers.length + 2];
        all[0] = LoopbackServer.Response.json(200, text("rpc-version.json").replace("\"19.0\"", "\"17.0\""));
        all[1] = file(200, "rpc-authenticate.json");
        System.arraycopy(answers, 0, all, 2, answers.length);
        return new Recorded().on("/jsonrpc", all);
    }

    static LoopbackServer.Response file(int status, String name) {
        return name.endsWith(".html")
                ? LoopbackServer.Response.html(status, text(name))
                : LoopbackServer.Response.json(status, text(name));
    }

    static String text(String name) {
        try (InputStream in = Recorded.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    ApiLogin login() {
        return new ApiLogin("odoo", null, server.url(), "o19", "tarn@example.com", new SecretRef("odoo-api-key"), KEY);
    }

    OdooApi connect() {
        return OdooApi.connect(login(), clock.patience());
    }

    /** Asks for one page of moves. */
    String ask() {
        OdooCall call = OdooCall.over("account.move", "search_read", OdooCall.JSON.arrayNode());
        return connect().call(call).toString();
    }

    /** The message of what refuses {@link #ask}. */
    String refusal() {
        try {
            return "no refusal: " + ask();
        } catch (TarnException refusal) {
            if (refusal.getMessage().contains(KEY)) {
                throw new AssertionError("the key stands in a message");
            }
            return refusal.getMessage();
        }
    }

    List<LoopbackServer.Request> requests() {
        return server.requests();
    }

    String url() {
        return server.url().toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
