package dev.tarn.compiler.query;

import java.util.List;

/**
 * A query that is understood.
 *
 * @param sql for DuckDB; reads the queries of {@link WithQueries} by their names
 * @param columns of the result, in order, no name twice
 * @param streaming whether it yields the new rows of a stream
 */
record BoundQuery(String sql, List<ResultColumn> columns, boolean streaming) {

    BoundQuery {
        columns = List.copyOf(columns);
    }
}
