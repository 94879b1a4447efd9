package dev.tarn.worker;

import com.microsoft.azure.functions.OutputBinding;
import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a function hands out beside its answer. */
final class Output implements OutputBinding<Object> {

    private @Nullable Object value;

    @Override
    public @Nullable Object getValue() {
        return value;
    }

    @Override
    public void setValue(Object handed) {
        value = handed;
    }

    /** One for each message. */
    Stream<String> lines() {
        if (value instanceof Collection<?> several) {
            return several.stream().map(Object::toString);
        }
        return Stream.ofNullable(value).map(Object::toString);
    }
}
