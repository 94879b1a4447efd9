package dev.tarn.functions;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatusType;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.tarn.connect.inbox.ForwardedFor;
import dev.tarn.connect.inbox.Receipt;
import dev.tarn.connect.inbox.ReceiptJson;
import dev.tarn.connect.inbox.WebhookRequest;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Events for the lake. Whoever sends them is told apart by what the endpoint asks for, not by a key of the host. */
@Singleton
public class WebhookFunction {

    private final RunningApp app;

    public WebhookFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Answers 202 when the events are durable; any other answer says why not, and when to come again.
     *
     * @param request whose body the host hands over as text
     * @param source name of the endpoint
     */
    @FunctionName("webhook")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = HttpMethod.POST,
                            authLevel = AuthorizationLevel.ANONYMOUS,
                            route = "api/webhooks/{source}")
                    HttpRequestMessage<Optional<String>> request,
            @BindingName("source") String source) {
        Map<String, List<String>> headers = request.getHeaders().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
        byte[] body = request.getBody().orElse("").getBytes(StandardCharsets.UTF_8);
        try {
            return answer(
                    request,
                    app.receive(new WebhookRequest(source, client(request), headers, new ByteArrayInputStream(body))));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Whom the platform got the request from: it adds that to what the sender claims. */
    private static @Nullable String client(HttpRequestMessage<?> request) {
        return request.getHeaders().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("x-forwarded-for"))
                .map(header -> ForwardedFor.client(header.getValue()))
                .findFirst()
                .orElse(null);
    }

    private static HttpResponseMessage answer(HttpRequestMessage<?> request, Receipt receipt) {
        HttpResponseMessage.Builder answer = Answers.of(
                request, HttpStatusType.custom(receipt.status()), "application/json", ReceiptJson.of(receipt) + "\n");
        if (receipt instanceof Receipt.Refused refused && refused.retryAfter() != null) {
            answer.header("Retry-After", Long.toString(refused.retryAfter().toSeconds()));
        }
        if (receipt instanceof Receipt.Accepted accepted) {
            answer.header(Receipt.Accepted.CORRELATION, accepted.correlation());
        }
        return answer.build();
    }
}
