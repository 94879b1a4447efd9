package dev.tarn.readers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one Spark session and one delta-rs to all tests that ask for them; they end with the last test. */
final class SharedReaders implements ParameterResolver {

    private static final Map<Class<?>, Function<Class<?>, AutoCloseable>> READERS =
            Map.of(SparkReader.class, type -> new SparkReader(), DeltaRsReader.class, type -> deltaRs());

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return READERS.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return context.getRoot()
                .getStore(Namespace.create(SharedReaders.class))
                .getOrComputeIfAbsent(type, READERS.get(type));
    }

    private static DeltaRsReader deltaRs() {
        try {
            return new DeltaRsReader();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
