package dev.tarn.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that send one request after another, each over a connection of its own; no library, which would take the cores. */
final class WebhookClient {

    private static final int MOST = 2_000_000;

    private final int port;
    private final String secret;
    private final int clients;
    private final AtomicLong ids = new AtomicLong();

    WebhookClient(int port, String secret, int clients) {
        this.port = port;
        this.secret = secret;
        this.clients = clients;
    }

    /** @param nanos of the acknowledged ones, in rising order */
    record Result(int acknowledged, int others, long[] nanos) {

        double millis(double share) {
            return acknowledged == 0 ? Double.NaN : nanos[(int) Math.min(acknowledged - 1, acknowledged * share)] / 1e6;
        }
    }

    static String body(long id) {
        String head = "{\"id\":" + id + ",\"text\":\"";
        return head + "x".repeat(1_000 - head.length()) + "\"}";
    }

    Result run(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        long[] nanos = new long[MOST];
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        Thread[] threads = new Thread[clients];
        for (int client = 0; client < clients; client++) {
            threads[client] = new Thread(() -> send(end, nanos, acknowledged, others), "client-" + client);
            threads[client].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        int count = Math.min(acknowledged.get(), MOST);
        Arrays.sort(nanos, 0, count);
        return new Result(count, others.get(), nanos);
    }

    private void send(long end, long[] nanos, AtomicInteger acknowledged, AtomicInteger others) {
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                InputStream in = new BufferedInputStream(socket.getInputStream());
                while (System.nanoTime() < end) {
                    byte[] request = request().getBytes(US_ASCII);
                    long began = System.nanoTime();
                    out.write(request);
                    if (status(in) == 202) {
                        nanos[Math.min(acknowledged.getAndIncrement(), MOST - 1)] = System.nanoTime() - began;
                    } else {
                        others.incrementAndGet();
                    }
                }
            } catch (IOException closed) {
                others.incrementAndGet();
            }
        }
    }

    private String request() {
        String body = body(ids.getAndIncrement());
        return "POST /api/webhooks/bench HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "X-Webhook-Secret: " + secret + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static int status(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        in.readNBytes(length);
        return Integer.parseInt(status.split(" ")[1]);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new IOException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
            next = in.read();
        }
        return line.toString();
    }
}
