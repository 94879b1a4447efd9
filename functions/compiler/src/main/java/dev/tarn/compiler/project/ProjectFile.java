package dev.tarn.compiler.project;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.SourcePosition;

/** A file of the project: its path relative to the project's folder, with {@code /} between folders, and its text. */
public record ProjectFile(String path, String text) {

    public ProjectFile {
        requireNonNull(path, "path");
        requireNonNull(text, "text");
    }

    /** A place in this file; line and column count from 1. */
    public SourcePosition at(int line, int column) {
        return new SourcePosition(path, line, column);
    }
}
