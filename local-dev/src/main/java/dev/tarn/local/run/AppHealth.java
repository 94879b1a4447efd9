package dev.tarn.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the app that runs a lake how it is: {@code GET /health}, which needs no key. */
public final class AppHealth {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final int OK = 200;
    private static final int UNWELL = 503;

    /**
     * What it answered last.
     *
     * @param said a piece of a sentence after its name
     * @param plan hash of the plan that it runs; null when it did not say one
     * @param problems what keeps it from working
     */
    public record Answer(String said, @Nullable String plan, List<Problem> problems) {
        public Answer {
            problems = List.copyOf(problems);
        }
    }

    private final URI app;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LONGEST).build();

    public AppHealth(URI app) {
        this.app = app;
    }

    /** Asks once. */
    public Answer ask() throws InterruptedException {
        return ask(LONGEST);
    }

    /** Asks until it runs the plan, at most for {@code longest} or until {@code stop} is requested. */
    public Answer await(String plan, Duration longest, Stop stop) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        Answer answer = ask(shorter(longest));
        while (!plan.equals(answer.plan()) && System.nanoTime() < end && !stop.await(PAUSE)) {
            answer = ask(shorter(Duration.ofNanos(Math.max(PAUSE.toNanos(), end - System.nanoTime()))));
        }
        return answer;
    }

    private static Duration shorter(Duration time) {
        return time.compareTo(LONGEST) < 0 ? time : LONGEST;
    }

    private Answer ask(Duration longest) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(app.resolve("/health")).timeout(longest).build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            int status = response.statusCode();
            return status == OK || status == UNWELL ? answer(status, response.body()) : strange(status);
        } catch (IOException e) {
            return new Answer("does not answer (" + e.getClass().getSimpleName() + ")", null, List.of());
        }
    }

    private static Answer strange(int status) {
        return new Answer("answers status " + status + ", as no app of Tarn does", null, List.of());
    }

    private static Answer answer(int status, byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (IOException e) {
            return strange(status);
        }
        if (json == null || !json.path("problems").isArray()) {
            return strange(status);
        }
        List<Problem> problems = new ArrayList<>();
        for (JsonNode problem : json.path("problems")) {
            problems.add(new Problem(
                    code(problem.path("code").asText()),
                    null,
                    problem.path("what").asText("It does not say what is wrong."),
                    problem.path("mend").asText("Look at its log.")));
        }
        String plan = json.path("plan").asText(null);
        return new Answer(plan == null ? "runs no plan" : "runs the plan " + shortened(plan), plan, problems);
    }

    /** A newer app can know codes that this Tarn does not. */
    private static ErrorCode code(String name) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.name().equals(name))
                .findFirst()
                .orElse(ErrorCode.UPDATE_FAILED);
    }

    /** A hash as people read it. */
    public static String shortened(String hash) {
        return hash.length() <= 12 ? hash : hash.substring(0, 12);
    }

    @Override
    public String toString() {
        return app.toString();
    }
}
