package dev.tarn.compiler.statement;

import static java.util.Objects.requireNonNull;

import dev.tarn.compiler.grammar.SparkGrammar;

/** What a statement's text needs to be understood: the grammar of its file and the meaning of names there. */
public record Surroundings(SparkGrammar grammar, Names names) {

    public Surroundings {
        requireNonNull(grammar, "grammar");
        requireNonNull(names, "names");
    }
}
