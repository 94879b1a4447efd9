package dev.tarn.functions;

import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatusType;

/** Answers over HTTP, none of which anybody may keep or frame. */
final class Answers {

    private Answers() {}

    static HttpResponseMessage text(HttpRequestMessage<?> request, HttpStatusType status, String text) {
        return of(request, status, "text/plain", text).build();
    }

    static HttpResponseMessage.Builder of(
            HttpRequestMessage<?> request, HttpStatusType status, String type, String body) {
        return request.createResponseBuilder(status)
                .header("Content-Type", type + "; charset=utf-8")
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
                .body(body);
    }
}
