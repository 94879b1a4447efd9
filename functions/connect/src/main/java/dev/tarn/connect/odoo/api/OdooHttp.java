package dev.tarn.connect.odoo.api;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Single requests, each within a time and a size. Redirects are not followed: the key goes where the project says. */
final class OdooHttp {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Patience patience;

    OdooHttp(Patience patience) {
        this.patience = patience;
    }

    /** Sends {@code json}, or asks with GET when it is null. */
    Outcome ask(URI address, Map<String, String> headers, byte @Nullable [] json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(patience.timeout());
        headers.forEach(request::header);
        if (json == null) {
            request.GET();
        } else {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofByteArray(json));
        }
        CompletableFuture<HttpResponse<LimitedBody.Content>> answer =
                client.sendAsync(request.build(), head -> new LimitedBody(patience.mostBytes()));
        try {
            // The client's own timeout ends with the headers; a body could drip for ever.
            return outcome(answer.get(patience.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Outcome.TimedOut();
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Outcome.Failed("the wait for it was interrupted", e);
        }
    }

    private Outcome outcome(HttpResponse<LimitedBody.Content> response) {
        if (response.body().cut()) {
            return new Outcome.TooLarge();
        }
        HttpHeaders headers = response.headers();
        return new Outcome.Answered(
                response.statusCode(),
                headers.firstValue("Content-Type")
                        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("application/json"))
                        .isPresent(),
                response.body().bytes(),
                headers.firstValue("Location").orElse(null),
                retryAfter(headers.firstValue("Retry-After").orElse(""), patience.clock()));
    }

    /** Seconds or a date, as HTTP allows; null for anything else. */
    static @Nullable Duration retryAfter(String text, Clock clock) {
        String value = text.strip();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Duration wait = Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Outcome failed(@Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof HttpTimeoutException) {
                return new Outcome.TimedOut();
            }
            if (each instanceof UnknownHostException || each instanceof UnresolvedAddressException) {
                return new Outcome.Failed("the host is unknown", (Exception) each);
            }
            if (each instanceof SSLException) {
                return new Outcome.Failed("no encrypted connection came about", (Exception) each);
            }
        }
        if (cause instanceof ConnectException refused) {
            return new Outcome.Failed("nothing accepts connections there", refused);
        }
        if (cause instanceof IOException broken) {
            return new Outcome.Failed("the connection broke off", broken);
        }
        throw new IllegalStateException("a request failed", cause);
    }
}
