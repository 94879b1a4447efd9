package dev.tarn.compiler.export;

import static java.util.stream.Collectors.joining;

import dev.tarn.compiler.statement.Constraint;
import dev.tarn.model.Expectation.OnViolation;
import java.util.List;
import java.util.stream.Stream;

/** The constraints of one table or view, as queries that any Spark understands. */
record Rules(List<Constraint> constraints) {

    /** The column of a quarantine that says what a row broke. */
    static final String BROKEN = "_broken";

    Rules {
        constraints = List.copyOf(constraints);
    }

    boolean quarantine() {
        return constraints.stream().anyMatch(rule -> rule.onViolation() == OnViolation.QUARANTINE);
    }

    /** The rows of the query that may stay; a row that must not be there ends it with an error. */
    String kept(String query) {
        String failing = of(OnViolation.FAIL_UPDATE)
                .map(rule -> "  WHEN NOT " + holds(rule) + " THEN CAST(raise_error("
                        + SqlText.literal("The expectation " + rule.name() + " failed.") + ") AS BOOLEAN)\n")
                .collect(joining());
        String staying = Stream.concat(of(OnViolation.DROP_ROW), of(OnViolation.QUARANTINE))
                .map(Rules::holds)
                .collect(joining(" AND "));
        if (failing.isEmpty() && staying.isEmpty()) {
            return query;
        }
        return "SELECT * FROM (\n" + query + "\n) AS judged\nWHERE "
                + (failing.isEmpty()
                        ? staying
                        : "CASE\n" + failing + "  ELSE " + (staying.isEmpty() ? "TRUE" : staying) + "\nEND");
    }

    /** The rows of the query that belong into the quarantine, and what they broke. */
    String putAside(String query) {
        List<Constraint> rules = of(OnViolation.QUARANTINE).toList();
        String broken = rules.stream()
                .map(rule -> "CASE WHEN NOT " + holds(rule) + " THEN " + SqlText.literal(rule.name()) + " END")
                .collect(joining(", "));
        return "SELECT *, array_compact(array(" + broken + ")) AS " + BROKEN + " FROM (\n" + query
                + "\n) AS judged\nWHERE NOT ("
                + rules.stream().map(Rules::holds).collect(joining(" AND ")) + ")";
    }

    private Stream<Constraint> of(OnViolation onViolation) {
        return constraints.stream().filter(rule -> rule.onViolation() == onViolation);
    }

    private static String holds(Constraint rule) {
        return "coalesce((" + SqlText.asWritten().of(rule.condition()) + "), FALSE)";
    }
}
