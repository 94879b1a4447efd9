package dev.tarn.compiler.statement;

import dev.tarn.model.SourcePosition;

/** A property of a table, known to be one that Tarn honours or the user's own. */
public record Property(String key, String value, SourcePosition position) {}
