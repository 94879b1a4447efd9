package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes requests. */
final class Sender {

    private Sender() {}

    /** A request of JSON with the secret of {@link Endpoints}; headers are names and values by turns. */
    static WebhookRequest json(String endpoint, String body, String... headers) {
        return bytes(endpoint, body.getBytes(UTF_8), headers);
    }

    static WebhookRequest bytes(String endpoint, byte[] body, String... headers) {
        Map<String, List<String>> all = new HashMap<>();
        all.put("x-webhook-secret", List.of(Endpoints.VALUE));
        all.put("content-type", List.of("application/json"));
        for (int at = 0; at < headers.length; at += 2) {
            all.put(headers[at].toLowerCase(Locale.ROOT), List.of(headers[at + 1]));
        }
        return new WebhookRequest(endpoint, all, new ByteArrayInputStream(body));
    }

    /** What a real n8n sent, with the secret of {@link Endpoints} where {@code authenticated}. */
    static WebhookRequest recorded(String file, String endpoint, boolean authenticated) {
        byte[] request = recording(file);
        int body = bodyAt(request);
        Map<String, List<String>> headers = new HashMap<>();
        for (String line : new String(request, 0, body, ISO_8859_1).split("\r?\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 2));
            }
        }
        if (authenticated) {
            headers.put("x-webhook-secret", List.of(Endpoints.VALUE));
        }
        return new WebhookRequest(
                endpoint, headers, new ByteArrayInputStream(Arrays.copyOfRange(request, body, request.length)));
    }

    /** The body of what a real n8n sent. */
    static String recordedBody(String file) {
        byte[] request = recording(file);
        int body = bodyAt(request);
        return new String(request, body, request.length - body, UTF_8);
    }

    private static byte[] recording(String file) {
        try (InputStream in = Sender.class.getResourceAsStream("/n8n/in_" + file + ".http")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int bodyAt(byte[] request) {
        String text = new String(request, ISO_8859_1);
        int unix = text.indexOf("\n\n");
        int dos = text.indexOf("\r\n\r\n");
        return dos >= 0 ? dos + 4 : unix + 2;
    }
}
