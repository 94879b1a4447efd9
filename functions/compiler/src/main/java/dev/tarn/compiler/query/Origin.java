package dev.tarn.compiler.query;

/** A column of a view or a table that a query reads. {@code relation} is its name, {@code column} is in lower case. */
public record Origin(String relation, String column) {}
