package dev.tarn.local.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a command answers: for people, or for programs. */
enum Format {
    TABLE,
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a format. Throws {@link IllegalArgumentException} when the text is none. */
    static Format of(String text) {
        return Arrays.stream(values())
                .filter(format -> format.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is table and json, not " + text));
    }

    /** The format that arguments ask for, even when they cannot be understood as a whole. */
    static Format wishedBy(List<String> arguments) {
        int option = arguments.indexOf("--format");
        boolean next = option >= 0
                && option + 1 < arguments.size()
                && arguments.get(option + 1).equalsIgnoreCase("json");
        return next || arguments.stream().anyMatch("--format=json"::equalsIgnoreCase) ? JSON : TABLE;
    }
}
