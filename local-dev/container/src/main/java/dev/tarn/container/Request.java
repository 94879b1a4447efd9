package dev.tarn.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request as the host in Azure hands it over: the body as text, and one value of each header. */
record Request(
        URI getUri,
        HttpMethod getHttpMethod,
        Map<String, String> getHeaders,
        Map<String, String> getQueryParameters,
        Optional<String> getBody)
        implements HttpRequestMessage<Optional<String>> {

    private static final String FORWARDED_FOR = "x-forwarded-for";

    static Request of(RoutingContext context) {
        HttpServerRequest request = context.request();
        Map<String, String> headers = joined(request.headers());
        // As the platform does in Azure: the last entry is whom this process sees, and those before it are claimed.
        headers.merge(FORWARDED_FOR, request.remoteAddress().hostAddress(), (claimed, seen) -> claimed + ", " + seen);
        Buffer body = context.body().buffer();
        return new Request(
                URI.create(request.absoluteURI()),
                HttpMethod.value(request.method().name()),
                headers,
                joined(context.queryParams()),
                Optional.ofNullable(body).map(bytes -> bytes.toString(UTF_8)));
    }

    /** Of a header that is there twice, both: nothing that is asked for looks like that. */
    private static Map<String, String> joined(MultiMap values) {
        Map<String, String> joined = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        values.forEach(entry -> joined.merge(entry.getKey(), entry.getValue(), (one, other) -> one + ", " + other));
        return joined;
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatus status) {
        return new Answer.Builder(status);
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatusType status) {
        return new Answer.Builder(status);
    }
}
