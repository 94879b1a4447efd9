package dev.tarn.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call had no time for, as the answer says it and as {@code resume} takes it.
 *
 * @param left messages of units of work
 */
public record Left(@JsonProperty("left") List<String> left) {

    public Left(@Nullable List<String> left) {
        this.left = left == null ? List.of() : List.copyOf(left);
    }
}
