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

/** A payload for the lake. No project can take one yet. */
@Singleton
public class WebhookFunction {

    /** Says that nothing was done. */
    @FunctionName("webhook")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = HttpMethod.POST,
                            authLevel = AuthorizationLevel.ANONYMOUS,
                            route = "webhook/{source}")
                    HttpRequestMessage<Optional<String>> request) {
        return Answers.text(request, HttpStatus.NOT_IMPLEMENTED, NotConfigured.WEBHOOKS);
    }
}
