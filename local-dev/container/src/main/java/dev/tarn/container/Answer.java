package dev.tarn.container;

import static java.util.Objects.requireNonNull;

import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatusType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An answer of a function that requests come to. */
record Answer(HttpStatusType status, Map<String, String> headers, String body) implements HttpResponseMessage {

    @Override
    public HttpStatusType getStatus() {
        return status;
    }

    @Override
    public @Nullable String getHeader(String key) {
        return headers.get(key);
    }

    @Override
    public Object getBody() {
        return body;
    }

    static final class Builder implements HttpResponseMessage.Builder {

        private final Map<String, String> headers = new TreeMap<>();
        private HttpStatusType status;
        private @Nullable Object body;

        Builder(HttpStatusType status) {
            this.status = status;
        }

        @Override
        public Builder status(HttpStatusType is) {
            status = is;
            return this;
        }

        @Override
        public Builder header(String key, String value) {
            headers.put(key, value);
            return this;
        }

        @Override
        public Builder body(Object is) {
            body = is;
            return this;
        }

        @Override
        public Answer build() {
            return new Answer(status, headers, requireNonNull(body, "body").toString());
        }
    }
}
