package dev.tarn.model;

/**
 * A place in one of the user's files. {@code file} is relative to the project, with {@code /} between folders;
 * {@code line} and {@code column} count from 1.
 */
public record SourcePosition(String file, int line, int column) {

    public SourcePosition {
        if (file.isBlank() || line < 1 || column < 1) {
            throw new IllegalArgumentException("not a position: " + file + ":" + line + ":" + column);
        }
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
