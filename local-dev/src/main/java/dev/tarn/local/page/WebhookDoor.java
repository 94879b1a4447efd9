package dev.tarn.local.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.Receipt;
import dev.tarn.connect.inbox.ReceiptJson;
import dev.tarn.connect.inbox.WebhookRequest;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code POST /api/webhooks/<endpoint>}, as the function app has it. */
public final class WebhookDoor {

    /** What an endpoint's address begins with. */
    public static final String PATH = "/api/webhooks/";

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private final Inbox inbox;
    private final List<WebhookSource> sources;

    public WebhookDoor(Inbox inbox, List<WebhookSource> sources) {
        this.inbox = inbox;
        this.sources = List.copyOf(sources);
    }

    void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.getResponseHeaders().set("Allow", "POST");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            if (isAmbiguous(exchange.getRequestHeaders())) {
                exchange.getResponseHeaders().set("Connection", "close");
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            // Raw: what is encoded in a name is part of no name.
            String endpoint = exchange.getRequestURI().getRawPath().substring(PATH.length());
            Receipt receipt = inbox.receive(
                    sources,
                    new WebhookRequest(
                            endpoint,
                            // What X-Forwarded-For says is the sender's word: nothing stands before this server.
                            exchange.getRemoteAddress().getAddress().getHostAddress(),
                            Map.copyOf(exchange.getRequestHeaders()),
                            exchange.getRequestBody()));
            byte[] body = (ReceiptJson.of(receipt) + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (receipt instanceof Receipt.Refused refused && refused.retryAfter() != null) {
                exchange.getResponseHeaders()
                        .set("Retry-After", Long.toString(refused.retryAfter().toSeconds()));
            }
            if (receipt instanceof Receipt.Accepted accepted) {
                exchange.getResponseHeaders().set(Receipt.Accepted.CORRELATION, accepted.correlation());
            }
            exchange.sendResponseHeaders(receipt.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Whether other readers of the request would not read its length as the server does, and end it elsewhere. */
    private static boolean isAmbiguous(Headers headers) {
        return headers.getOrDefault("Content-Length", List.of()).stream()
                .anyMatch(length -> !LENGTH.matcher(length).matches());
    }
}
