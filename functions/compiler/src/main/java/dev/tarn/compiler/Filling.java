package dev.tarn.compiler;

import dev.tarn.compiler.query.ChangeQuery;
import dev.tarn.compiler.query.FlowQuery;
import dev.tarn.compiler.query.ResultColumn;
import dev.tarn.compiler.statement.FlowStatement;
import dev.tarn.compiler.statement.FlowStatement.Insertion;
import java.util.List;
import java.util.Optional;

/**
 * A flow that is understood and not yet fitted to its table.
 *
 * @param query what it reads
 * @param changes present when the table follows changes
 */
record Filling(String id, FlowStatement statement, FlowQuery query, Optional<ChangeQuery> changes) {

    /** The columns that it yields for its table. */
    List<ResultColumn> columns() {
        return changes.map(ChangeQuery::columns).orElseGet(query::columns);
    }

    Optional<ResultColumn> column(String name) {
        return columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether columns that it does not yield become NULL. */
    boolean byName() {
        return statement.work() instanceof Insertion insertion && insertion.byName();
    }
}
