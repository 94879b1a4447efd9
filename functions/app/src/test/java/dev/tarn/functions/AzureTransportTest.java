package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Azure's storage client resolves beside Quarkus and talks over the JDK's own HTTP client. */
class AzureTransportTest {

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theClientSendsItsRequestsWithoutNetty() {
        BlobContainerClient container = new BlobContainerClientBuilder()
                .endpoint("http://127.0.0.1:" + server.getAddress().getPort() + "/account/bronze")
                .setAnonymousAccess()
                .buildClient();

        assertThat(container.exists()).isTrue();

        assertThat(requests).containsExactly("GET /account/bronze?restype=container");
        assertThat(HttpClient.createDefault().getClass().getName()).startsWith("com.azure.core.http.jdk.httpclient.");
        assertThat(getClass().getClassLoader().getResource("io/netty/channel/Channel.class"))
                .isNull();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }
}
