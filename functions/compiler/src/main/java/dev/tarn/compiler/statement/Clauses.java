package dev.tarn.compiler.statement;

import java.util.HashSet;
import java.util.Set;

/** Sees to it that a clause stands once in a statement. */
final class Clauses {

    private final TokenCursor tokens;
    private final Set<String> seen = new HashSet<>();

    Clauses(TokenCursor tokens) {
        this.tokens = tokens;
    }

    /** Takes these words when they come next. Refuses them when they came before. */
    boolean takeIf(String... words) {
        if (!tokens.sees(words)) {
            return false;
        }
        String clause = String.join(" ", words).replace(" (", "");
        if (!seen.add(clause)) {
            throw tokens.syntax(tokens.position(), clause + " occurs twice.", "Remove one of them.");
        }
        return tokens.takeIf(words);
    }

    boolean has(String clause) {
        return seen.contains(clause);
    }
}
