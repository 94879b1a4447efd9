package dev.tarn.engine.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.duckdb.DuckDBWritableVector;

/**
 * The scalar function behind {@link Session#violations}. A function of DuckDB can never be taken back, so there is one
 * for all sessions, and its first argument says whose counter is meant.
 */
final class ViolationFunction {

    static final String NAME = "tarn_count_violations";

    private final Map<Long, ViolationCounter> counters = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    void register(Connection connection) throws SQLException {
        try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction()) {
            builder.withName(NAME)
                    .withParameters(DuckDBColumnType.BIGINT, DuckDBColumnType.BIGINT)
                    .withReturnType(DuckDBColumnType.BOOLEAN)
                    // Calls count: none may be left out, doubled or answered at planning time.
                    .withVolatile()
                    .withVectorizedFunction(this::count)
                    .register(connection);
        }
    }

    long add(ViolationCounter counter) {
        long id = lastId.incrementAndGet();
        counters.put(id, counter);
        return id;
    }

    void remove(long id) {
        counters.remove(id);
    }

    private void count(DuckDBDataChunkReader rows, DuckDBWritableVector keep) {
        DuckDBReadableVector ids = rows.vector(0);
        DuckDBReadableVector masks = rows.vector(1);
        long n = rows.rowCount();
        if (n == 0) {
            return;
        }
        ViolationCounter counter = counters.get(ids.getLong(0));
        if (counter == null) {
            throw new IllegalStateException("the session of these rules is closed");
        }
        counter.addJudged(n);
        for (long row = 0; row < n; row++) {
            keep.setBoolean(row, counter.count(masks.getLong(row)));
        }
    }
}
