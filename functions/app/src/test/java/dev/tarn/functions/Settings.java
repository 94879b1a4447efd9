package dev.tarn.functions;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Settings of an app in a test. */
record Settings(Optional<String> lake, Path workspace, Optional<String> statusKey) implements TarnConfig {

    static Settings of(@Nullable String lake, Path workspace) {
        return new Settings(Optional.ofNullable(lake), workspace, Optional.of("open sesame"));
    }

    @Override
    public Optional<String> identity() {
        return Optional.empty();
    }

    @Override
    public Optional<MemorySize> memory() {
        return Optional.of(new MemorySize(BigInteger.valueOf(2L << 30)));
    }

    @Override
    public MemorySize disk() {
        return new MemorySize(BigInteger.valueOf(256L << 20));
    }
}
