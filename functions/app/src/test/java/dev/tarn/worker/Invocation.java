package dev.tarn.worker;

import com.microsoft.azure.functions.internal.spi.middleware.MiddlewareContext;
import java.util.UUID;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the host tells middlewares and the function about the call. */
record Invocation(String function, String id) implements MiddlewareContext {

    static Invocation of(String function) {
        return new Invocation(function, UUID.randomUUID().toString());
    }

    @Override
    public Logger getLogger() {
        return Logger.getLogger(function);
    }

    @Override
    public String getInvocationId() {
        return id;
    }

    @Override
    public String getFunctionName() {
        return function;
    }

    @Override
    public @Nullable String getParameterName(String annotation) {
        return null;
    }

    @Override
    public @Nullable Object getParameterValue(String name) {
        return null;
    }

    @Override
    public void updateParameterValue(String name, Object value) {
        throw new UnsupportedOperationException("no middleware changes " + name);
    }

    @Override
    public @Nullable Object getReturnValue() {
        return null;
    }

    @Override
    public void updateReturnValue(Object value) {
        throw new UnsupportedOperationException("no middleware changes what a function returns");
    }
}
