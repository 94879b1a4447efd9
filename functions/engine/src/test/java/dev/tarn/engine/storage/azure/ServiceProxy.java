package dev.tarn.engine.storage.azure;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Stands between a client and a service of this machine, and makes trouble. */
public final class ServiceProxy implements AutoCloseable {

    /** What goes wrong with a request. */
    public sealed interface Trouble {

        /** The service never hears of it: the connection is cut. */
        record RequestLost() implements Trouble {}

        /** The service does it, and the connection is cut before the answer. */
        record AnswerLost() implements Trouble {}

        /** The answer comes that much later. */
        record Late(Duration by) implements Trouble {}

        /** The answer promises its whole length, and ends after half of it. */
        record Truncated() implements Trouble {}

        /** Another answer, without asking the service. */
        record Instead(int status, Map<String, String> headers, String body) implements Trouble {}
    }

    /** Decides about each request. Asked by several threads. */
    public interface Plan {
        Optional<Trouble> at(String method, String pathAndQuery);
    }

    /** Headers that each of two connections has of its own. */
    private static final Set<String> OWN_HEADERS =
            Set.of("connection", "content-length", "expect", "host", "http2-settings", "transfer-encoding", "upgrade");

    private record Request(String method, String target, Map<String, String> headers, byte[] body) {}

    private final URI service;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> log = new ArrayList<>();
    private final List<String> signatures = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket server;
    private volatile Plan plan = (method, path) -> Optional.empty();

    public ServiceProxy(URI service) throws IOException {
        this.service = service;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** The connection string, leading through this proxy. */
    public String through(String connectionString) {
        return connectionString.replace(service.toString(), "http://127.0.0.1:" + server.getLocalPort());
    }

    public void plan(Plan trouble) {
        plan = trouble;
    }

    /** The first {@code times} requests with that method, whose path and query match, get into that trouble. */
    public void trouble(int times, String method, String pathAndQuery, Trouble trouble) {
        int[] left = {times};
        plan = (asked, path) -> {
            synchronized (left) {
                return asked.equals(method) && path.matches(pathAndQuery) && left[0]-- > 0
                        ? Optional.of(trouble)
                        : Optional.empty();
            }
        };
    }

    /** Requests so far, each as method, path and status of what the service answered; 0 when it was not asked. */
    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** What the requests were signed with. */
    public List<String> signatures() {
        synchronized (log) {
            return List.copyOf(signatures);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                open.add(connection);
                threads.execute(() -> serve(connection));
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = connection.getOutputStream()) {
            Optional<Request> request = read(in);
            while (request.isPresent() && answered(request.get(), out)) {
                request = read(in);
            }
        } catch (IOException | InterruptedException e) {
            // The client went away, or the test is over: there is nobody to tell.
            open.remove(connection);
        }
    }

    /** Empty when the client has no more. */
    private static Optional<Request> read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String[] parts = header.split(": ?", 2);
            headers.put(parts[0], parts[1]);
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        String[] words = first.split(" ");
        return Optional.of(new Request(words[0], words[1], headers, body));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** False when the connection is to be cut. */
    private boolean answered(Request request, OutputStream out) throws IOException, InterruptedException {
        Optional<Trouble> trouble = plan.at(request.method(), request.target());
        if (trouble.isPresent() && trouble.get() instanceof Trouble.Instead instead) {
            note(request, 0);
            send(out, instead.status(), instead.headers(), instead.body().getBytes(StandardCharsets.UTF_8), false);
            return true;
        }
        if (trouble.isPresent() && trouble.get() instanceof Trouble.RequestLost) {
            note(request, 0);
            return false;
        }
        HttpResponse<byte[]> answer = forward(request);
        note(request, answer.statusCode());
        if (trouble.isPresent() && trouble.get() instanceof Trouble.AnswerLost) {
            return false;
        }
        if (trouble.isPresent() && trouble.get() instanceof Trouble.Late late) {
            closed.await(late.by().toMillis(), TimeUnit.MILLISECONDS);
        }
        boolean half = trouble.isPresent() && trouble.get() instanceof Trouble.Truncated;
        Map<String, String> headers = new TreeMap<>();
        answer.headers().map().forEach((name, values) -> {
            if (!OWN_HEADERS.contains(name)) {
                headers.put(name, values.get(0));
            }
        });
        if (request.method().equals("HEAD")) {
            answer.headers().firstValue("content-length").ifPresent(length -> headers.put("content-length", length));
        }
        send(out, answer.statusCode(), headers, answer.body(), half);
        return !half;
    }

    private void note(Request request, int status) {
        synchronized (log) {
            log.add(request.method() + " " + URI.create(request.target()).getPath() + " " + status);
            signatures.add(request.headers().getOrDefault("Authorization", ""));
        }
    }

    private static void send(OutputStream out, int status, Map<String, String> headers, byte[] content, boolean half)
            throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Proxied\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (!headers.containsKey("content-length")
                && status >= HttpURLConnection.HTTP_OK
                && status != 204
                && status != 304) {
            head.append("content-length: ").append(content.length).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        out.write(content, 0, half ? content.length / 2 : content.length);
        out.flush();
    }

    private HttpResponse<byte[]> forward(Request request) throws IOException, InterruptedException {
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(URI.create(service + request.target()))
                .method(
                        request.method(),
                        request.body().length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach((name, value) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                forwarded.header(name, value);
            }
        });
        return client.send(forwarded.build(), BodyHandlers.ofByteArray());
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        for (Socket connection : open) {
            connection.close();
        }
        threads.shutdownNow();
    }
}
