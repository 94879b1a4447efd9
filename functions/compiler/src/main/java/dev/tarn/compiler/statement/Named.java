package dev.tarn.compiler.statement;

import dev.tarn.model.SourcePosition;

/** The name of a column in a list, and its place. */
public record Named(String name, SourcePosition position) {}
