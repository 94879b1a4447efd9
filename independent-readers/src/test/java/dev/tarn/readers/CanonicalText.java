package dev.tarn.readers;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One text for one value, whatever the reader: it tells NULL, NaN, -0.0, the scale of a decimal and microseconds apart. */
final class CanonicalText {

    private CanonicalText() {}

    /** The text of a value. A reader hands over a struct as the list of its values. */
    static String of(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        if (value instanceof byte[] bytes) {
            return "x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof List<?> values) {
            return values.stream().map(CanonicalText::of).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue()))
                    .sorted()
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Boolean
                || value instanceof Number
                || value instanceof LocalDate
                || value instanceof Instant
                || value instanceof LocalDateTime) {
            return value.toString();
        }
        throw new IllegalStateException("no canonical text for a " + value.getClass());
    }
}
