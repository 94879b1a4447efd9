package dev.tarn.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which files below {@code landing/} are meant: names between single {@code /}, in which {@code *} stands for any characters
 * of a name and {@code ?} for one; the name {@code **} stands for any number of folders, at the end for all files below.
 */
public record DropPath(String text) {

    private static final Pattern NAME = Pattern.compile("[^/\\\\\\[\\]{}\\p{Cntrl}]+");

    public DropPath {
        if (!isPath(text)) {
            throw new IllegalArgumentException("'" + text + "' does not say which files are meant");
        }
    }

    /** Reads a path; empty for what is none. */
    public static Optional<DropPath> tryParse(String text) {
        return isPath(text) ? Optional.of(new DropPath(text)) : Optional.empty();
    }

    private static boolean isPath(String text) {
        for (String name : text.split("/", -1)) {
            boolean stars = name.contains("**") && !name.equals("**");
            if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..") || stars) {
                return false;
            }
        }
        return true;
    }

    /** The folder below {@code landing/} that all the files are in; empty for that one itself. */
    public String folder() {
        StringBuilder folder = new StringBuilder();
        String[] names = text.split("/");
        for (int at = 0; at < names.length - 1 && names[at].indexOf('*') < 0 && names[at].indexOf('?') < 0; at++) {
            folder.append(folder.isEmpty() ? "" : "/").append(names[at]);
        }
        return folder.toString();
    }

    /** A pattern for the paths below {@code landing/} of the files. */
    public Pattern pattern() {
        StringBuilder regex = new StringBuilder();
        String[] names = text.split("/");
        for (int at = 0; at < names.length; at++) {
            boolean last = at == names.length - 1;
            if (names[at].equals("**")) {
                regex.append(last ? ".+" : "(?:[^/]+/)*");
            } else {
                regex.append(name(names[at])).append(last ? "" : "/");
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static String name(String name) {
        StringBuilder regex = new StringBuilder();
        name.codePoints().forEach(character -> {
            switch (character) {
                case '*' -> regex.append("[^/]*");
                case '?' -> regex.append("[^/]");
                default -> regex.append(Pattern.quote(Character.toString(character)));
            }
        });
        return regex.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
