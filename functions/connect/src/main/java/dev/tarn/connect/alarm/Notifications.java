package dev.tarn.connect.alarm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.Notify;
import dev.tarn.model.Plan;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends signed notifications, each within a time. Redirects are not followed: they go where the project says. */
final class Notifications {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int REFUSED = 300;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Plan plan;
    private final Notify notify;
    private final String secret;

    Notifications(Plan plan, Notify notify, String secret) {
        this.plan = plan;
        this.notify = notify;
        this.secret = secret;
    }

    /** Tells of it; answers why that failed, empty when it did not. */
    Optional<String> raised(Cause cause, Instant now) {
        ObjectNode json = LakeJson.MAPPER
                .createObjectNode()
                .put("type", cause.type().toString())
                .put("severity", cause.setAside() || cause.attempt() > 0 ? "error" : "warning");
        about(json, cause.table(), now)
                .put("flow", cause.flow())
                .put("update", cause.update())
                .put("code", cause.code())
                .put("what", cause.what())
                .put("effect", cause.effect())
                .put("mend", cause.mend());
        if (cause.attempt() > 0) {
            json.put("attempt", cause.attempt()).put("set_aside", cause.setAside());
        }
        return send(json, now);
    }

    /** Tells that it is over; as {@link #raised}. */
    Optional<String> mended(OpenAlarms.Entry alarm, Instant now) {
        ObjectNode json =
                LakeJson.MAPPER.createObjectNode().put("type", "mended").put("severity", "info");
        return send(
                about(json, alarm.table(), now)
                        .put("mended", alarm.type().toString())
                        .put("since", text(alarm.since())),
                now);
    }

    private ObjectNode about(ObjectNode json, String table, Instant now) {
        return json.put("at", text(now))
                .put("project", plan.project())
                .put("target", plan.operation().target())
                .put("table", table);
    }

    private String text(Instant moment) {
        ZonedDateTime at = moment.truncatedTo(ChronoUnit.SECONDS).atZone(plan.timezone());
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at);
    }

    /** Only the receiver's name is told: the rest of its address may be what lets somebody in. */
    private Optional<String> send(ObjectNode json, Instant now) {
        byte[] body = bytes(json);
        HttpRequest request = HttpRequest.newBuilder(notify.url())
                .header("Content-Type", "application/json")
                .header(Signature.HEADER, Signature.of(body, now, secret))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        String host = notify.url().getHost();
        try {
            // The client's own timeout ends with the headers; a body could drip for ever.
            int status = answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status < REFUSED ? Optional.empty() : Optional.of(host + " answered with HTTP " + status);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return Optional.of(host + " did not answer within " + ANSWER.toSeconds() + " s");
        } catch (ExecutionException e) {
            return Optional.of(
                    host + " cannot be reached: " + e.getCause().getClass().getSimpleName());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return Optional.of("the wait for " + host + " was interrupted");
        }
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return LakeJson.MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a notification that cannot be written", e);
        }
    }
}
