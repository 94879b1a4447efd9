package dev.tarn.functions;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Tells watchdogs whether this process can do its work, and whoever has the key of the status what keeps it from that: names
 * of settings and secrets are nobody else's business.
 */
@Singleton
public class HealthFunction {

    private final RunningApp app;
    private final StatusKey key;

    public HealthFunction(RunningApp app, TarnConfig config) {
        this.app = app;
        this.key = new StatusKey(config.statusKey());
    }

    /** 200 when the lake is open, has a plan and every secret of it is set; else 503, with the problems for who has the key. */
    @FunctionName("health")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = HttpMethod.GET,
                            authLevel = AuthorizationLevel.ANONYMOUS,
                            route = "health")
                    HttpRequestMessage<Optional<String>> request) {
        Health health = app.health();
        return Answers.of(
                        request,
                        health.isGood() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                        "application/json",
                        key.refusal(request.getHeaders()).isEmpty() ? health.toJson() : health.toJsonForAnybody())
                .build();
    }
}
