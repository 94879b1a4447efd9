package dev.tarn.model;

import java.util.List;

/**
 * A view inside of a flow's query whose rows are judged. The query calls the function {@link #function} once for each row
 * of the view, with a BIGINT in which bit {@code i} is set when the row breaks expectation {@code i}, and keeps the rows for
 * which it answers TRUE.
 *
 * <p>That holds when the query runs by itself and to its end. A condition or an empty table around it can keep rows from
 * being asked for, and so from being judged: whoever joins or filters its rows keeps them in a table of their own first.
 *
 * @param name as the user wrote it
 * @param function name of the DuckDB function, its own in the flow
 */
public record JudgedView(String name, String function, List<Expectation> expectations) {

    public JudgedView {
        expectations = List.copyOf(expectations);
        if (name.isBlank() || function.isBlank() || expectations.isEmpty()) {
            throw new IllegalArgumentException("a judged view has a name, a function and expectations");
        }
    }
}
