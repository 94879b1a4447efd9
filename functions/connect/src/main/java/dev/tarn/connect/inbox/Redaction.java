package dev.tarn.connect.inbox;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Secrets in payloads: an n8n that passes on what its own webhook got sends the headers of that request, too. */
final class Redaction {

    static final String INSTEAD = "[redacted]";

    private static final Set<String> SECRET = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "x-functions-key",
            "x-api-key",
            "api-key",
            "apikey",
            "x-auth-token",
            "x-webhook-secret",
            "x-hub-signature-256",
            "x-signature");

    private static final List<String> HEADERS = List.of("headers", "header");

    private Redaction() {}

    /** Whether an object of that name holds headers. */
    static boolean isHeaders(String name) {
        return HEADERS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether a header of that name lets somebody in somewhere. */
    static boolean isSecret(String header) {
        return SECRET.contains(header.toLowerCase(Locale.ROOT));
    }
}
