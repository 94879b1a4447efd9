package dev.tarn.local.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a command answers: for people, or for programs. */
enum Format {
    TABLE,
    JSON,
    /** Rows as JSON, one document a line. */
    JSONL,
    /** Rows as a Parquet file. */
    PARQUET,
    /** A graph for people. */
    TEXT,
    /** A graph as a flowchart in Mermaid. */
    MERMAID;

    /** The formats that every command has. */
    static final List<Format> OF_ALL = List.of(TABLE, JSON);

    /** The formats of rows. */
    static final List<Format> OF_ROWS = List.of(TABLE, JSON, JSONL, PARQUET);

    /** The formats of a graph, to which {@link #TABLE} is {@link #TEXT}. */
    static final List<Format> OF_GRAPHS = List.of(TEXT, MERMAID, JSON);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a format. Throws {@link IllegalArgumentException} when the text is none. */
    static Format of(String text) {
        return of(text, List.of(values()));
    }

    /** Reads one of these formats. Throws {@link IllegalArgumentException} when the text is none of them. */
    static Format of(String text, List<Format> formats) {
        return formats.stream()
                .filter(format -> format.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is " + listed(formats) + ", not " + text));
    }

    private static String listed(List<Format> formats) {
        List<String> names = formats.stream().map(Format::toString).toList();
        int last = names.size() - 1;
        return names.subList(0, last).stream().collect(Collectors.joining(", ")) + " and " + names.get(last);
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
