package dev.tarn.connect.trigger;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Work that one invocation left to the next.
 *
 * @param name of what the kind says
 */
public record Unit(Kind kind, String name) {

    /** Control characters have no business in a name, nor in the log that it comes into. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{S} ]{1,300}");

    /** What is to be done. */
    public enum Kind {
        /** Read what is due of the source of that name. */
        EXTRACT("source"),
        /** Read the files that were dropped for the table of that name. */
        FILES("drop"),
        /** Run the flow of that id. */
        UPDATE("flow"),
        /** Keep tables quick to read, up to the one of that name, from where the last one stopped. */
        MAINTAIN("table");

        private final String named;

        Kind(String named) {
            this.named = named;
        }

        /** What the name is one of. */
        String named() {
            return named;
        }

        /** As it stands in messages. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> find(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }

        static String words() {
            return Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "));
        }
    }

    public Unit {
        requireNonNull(kind, "kind");
        if (!isName(name)) {
            throw new IllegalArgumentException("a unit names one " + kind.named());
        }
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** {@code extract of shop}. */
    @Override
    public String toString() {
        return kind.word() + " of " + name;
    }
}
