package dev.tarn.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a part of an event's id stands: {@code $.record.id} in its payload, {@code header:idempotency-key} in its request.
 *
 * @param header in lower case; null for a part that stands in the payload
 * @param path names of fields from the payload's top; empty for a part that stands in a header
 */
public record EventIdPart(@Nullable String header, List<String> path) {

    private static final Pattern PATH = Pattern.compile("\\$((?:\\.[A-Za-z_][A-Za-z0-9_-]*)+)");
    private static final Pattern HEADER = Pattern.compile("header:([A-Za-z0-9-]+)");

    public EventIdPart {
        path = List.copyOf(path);
        if ((header == null) == path.isEmpty()) {
            throw new IllegalArgumentException("a part of an event's id stands in a header or in the payload");
        }
    }

    /** Reads {@code $.a.b} or {@code header:name}; empty when the text is anything else. */
    public static Optional<EventIdPart> tryParse(String text) {
        Matcher header = HEADER.matcher(text);
        if (header.matches()) {
            return Optional.of(new EventIdPart(header.group(1).toLowerCase(Locale.ROOT), List.of()));
        }
        Matcher path = PATH.matcher(text);
        return path.matches()
                ? Optional.of(
                        new EventIdPart(null, List.of(path.group(1).substring(1).split("\\."))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return header == null ? "$." + String.join(".", path) : "header:" + header;
    }
}
