package dev.tarn.connect.inbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.connect.TestLake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** A process that receives events of {@code orders} and brings them into bronze, until it is killed: {@code folder workspace}. */
public final class InboxProcess {

    static final Endpoints ORDERS = Endpoints.named("orders").eventId("$.id");

    private InboxProcess() {}

    public static void main(String[] args) throws IOException {
        TestLake lake = TestLake.open(Path.of(args[0]), Path.of(args[1]));
        Inbox inbox = OpenInbox.inbox(
                lake.lake().storage(),
                Clock.systemUTC(),
                Map.of(Endpoints.SECRET, Endpoints.VALUE),
                InboxLimits.usual());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.createContext("/", exchange -> answer(inbox, exchange));
        server.setExecutor(Executors.newFixedThreadPool(32));
        server.start();
        System.out.println(server.getAddress().getPort());
        while (true) {
            OpenInbox.drain(lake, ORDERS);
        }
    }

    private static void answer(Inbox inbox, HttpExchange exchange) throws IOException {
        try (exchange) {
            String endpoint = exchange.getRequestURI().getPath().substring(1);
            WebhookRequest request =
                    new WebhookRequest(endpoint, Map.copyOf(exchange.getRequestHeaders()), exchange.getRequestBody());
            Receipt receipt = inbox.receive(List.of(ORDERS.source()), request);
            byte[] body = ReceiptJson.of(receipt).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(receipt.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
