package dev.tarn.functions;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.tarn.connect.status.LakeStatus;
import dev.tarn.connect.status.StatusHtml;
import dev.tarn.connect.status.StatusJson;
import dev.tarn.model.TarnException;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Shows people how every table stands; {@code ?format=json} shows it to programs. */
@Singleton
public class StatusFunction {

    private final RunningApp app;
    private final StatusKey key;

    public StatusFunction(RunningApp app, TarnConfig config) {
        this.app = app;
        this.key = new StatusKey(config.statusKey());
    }

    /** The page for whoever has the key, 401 for others. */
    @FunctionName("status")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = HttpMethod.GET,
                            authLevel = AuthorizationLevel.ANONYMOUS,
                            route = "status")
                    HttpRequestMessage<Optional<String>> request) {
        Optional<String> refusal = key.refusal(request.getHeaders());
        if (refusal.isPresent()) {
            return Answers.of(request, HttpStatus.UNAUTHORIZED, "text/plain", refusal.get())
                    .header("WWW-Authenticate", "Basic realm=\"Tarn\", charset=\"UTF-8\"")
                    .build();
        }
        try {
            LakeStatus status = app.status();
            return "json".equals(request.getQueryParameters().get("format"))
                    ? Answers.of(request, HttpStatus.OK, "application/json", StatusJson.of(status) + "\n")
                            .build()
                    : Answers.of(request, HttpStatus.OK, "text/html", StatusHtml.of(status, "?format=json"))
                            .build();
        } catch (TarnException e) {
            return Answers.text(request, HttpStatusType.custom(e.code().httpStatus()), e.getMessage() + "\n");
        }
    }
}
