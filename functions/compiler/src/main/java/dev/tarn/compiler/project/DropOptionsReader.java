package dev.tarn.compiler.project;

import dev.tarn.model.FileDrop;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the {@code options} of a drop. */
public final class DropOptionsReader {

    private static final Pattern LINES = Pattern.compile("\\d{1,4}");
    private static final String TAB = "\\t";

    private DropOptionsReader() {}

    static FileDrop.Options read(YamlMap yaml, FileDrop.Format format) {
        FileDrop.Options usual = FileDrop.Options.USUAL;
        yaml.allow(
                switch (format) {
                    case CSV ->
                        new String[] {"header", "sep", "quote", "escape", "encoding", "null_value", "skip", "decimal"};
                    case EXCEL -> new String[] {"sheet", "header", "null_value", "skip"};
                    case JSON, NDJSON, PARQUET -> new String[] {"encoding"};
                });
        boolean header = flag(yaml, "header", usual.header());
        String separator = character(yaml, "sep", usual.separator());
        String quote = character(yaml, "quote", usual.quote());
        if (separator.isEmpty() || separator.equals(quote)) {
            yaml.invalid(
                    "sep",
                    "'sep' must be a character that is not 'quote'.",
                    "Write sep: \",\", sep: \";\" or sep: \"\\t\".");
            separator = usual.separator();
        }
        return new FileDrop.Options(
                header,
                separator,
                quote,
                character(yaml, "escape", quote),
                yaml.text("encoding").map(text -> encoding(yaml, text)).orElse(usual.encoding()),
                nullValues(yaml),
                yaml.text("skip").map(text -> lines(yaml, text)).orElse(usual.skip()),
                decimal(yaml, usual.decimal()),
                yaml.text("sheet").flatMap(text -> sheet(yaml, text)).orElse(null));
    }

    private static Optional<String> sheet(YamlMap yaml, String text) {
        return text.isBlank()
                ? yaml.invalid(
                        "sheet",
                        "'sheet' is empty.",
                        "Write the name of a sheet or its number from 1, or leave it out for the first one.")
                : Optional.of(text.strip());
    }

    private static boolean flag(YamlMap yaml, String key, boolean usual) {
        Optional<String> text = yaml.text(key);
        if (text.isPresent() && !List.of("true", "false").contains(text.get())) {
            yaml.invalid(
                    key, "'" + key + "' is neither true nor false.", "Write " + key + ": true or " + key + ": false.");
        }
        return text.map("true"::equals).orElse(usual);
    }

    private static String character(YamlMap yaml, String key, String usual) {
        String text = yaml.text(key).orElse(usual);
        String character = text.equals(TAB) ? "\t" : text;
        boolean possible = character.isEmpty()
                || character.length() == 1 && character.charAt(0) < 128 && "\r\n\0".indexOf(character.charAt(0)) < 0;
        if (!possible) {
            yaml.invalid(
                    key,
                    "'" + key + "' takes one character of ASCII.",
                    "Write it in quotes: " + key + ": \"" + (usual.equals("\"") ? "'" : usual) + "\".");
            return usual;
        }
        return character;
    }

    private static String encoding(YamlMap yaml, String name) {
        if (!isEncoding(name)) {
            yaml.invalid(
                    "encoding",
                    "'" + name + "' is no encoding that Tarn knows.",
                    "Write UTF-8, windows-1252, ISO-8859-15, UTF-16 or another name of the IANA.");
            return FileDrop.Options.USUAL.encoding();
        }
        return Charset.forName(name).name();
    }

    /** Whether the name is one of a character set that can be decoded. */
    public static boolean isEncoding(String name) {
        try {
            return Charset.isSupported(name);
        } catch (IllegalArgumentException noName) {
            return false;
        }
    }

    private static List<String> nullValues(YamlMap yaml) {
        if (!yaml.has("null_value")) {
            return List.of();
        }
        return yaml.isList("null_value")
                ? yaml.texts("null_value")
                : yaml.text("null_value").map(List::of).orElse(List.of());
    }

    private static String decimal(YamlMap yaml, String usual) {
        String text = yaml.text("decimal").orElse(usual);
        if (text.equals(".") || text.equals(",")) {
            return text;
        }
        yaml.invalid(
                "decimal",
                "'decimal' is neither a point nor a comma.",
                "Write decimal: \",\" where 1,5 is one and a half.");
        return usual;
    }

    private static int lines(YamlMap yaml, String text) {
        if (!LINES.matcher(text).matches()) {
            yaml.invalid(
                    "skip", "'skip' is no number of lines.", "Write how many lines stand before the header: skip: 2.");
            return 0;
        }
        return Integer.parseInt(text);
    }
}
