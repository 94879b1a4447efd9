package dev.tarn.compiler.statement;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.SourcePosition;

/** An expectation, its condition not yet understood. */
public record Constraint(String name, Slice condition, OnViolation onViolation, SourcePosition position) {}
