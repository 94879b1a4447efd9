package dev.tarn.engine.duckdb;

import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * The table function behind {@link Session#recorded}: a table without rows that is told by DuckDB's planner which of its
 * columns a query needs. It takes no filters over, so a column that is only compared is needed, too. There is one for all
 * sessions, and its argument says whose recorder is meant.
 */
final class ColumnsFunction implements DuckDBTableFunction<ColumnRecorder, ColumnRecorder, Object> {

    private static final String NAME = "tarn_columns";

    private final Map<Long, ColumnRecorder> recorders = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    void register(Connection connection) throws SQLException {
        try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
            builder.withName(NAME)
                    .withParameter(DuckDBColumnType.BIGINT)
                    .withProjectionPushdown()
                    .withFunction(this)
                    .register(connection);
        }
    }

    long add(ColumnRecorder recorder) {
        long id = lastId.incrementAndGet();
        recorders.put(id, recorder);
        return id;
    }

    void remove(long id) {
        recorders.remove(id);
    }

    /** The query that reads the table in its own types. */
    static String select(long id, ColumnRecorder recorder) {
        List<String> typed = new ArrayList<>();
        for (Column column : recorder.columns()) {
            typed.add("CAST(c" + typed.size() + " AS " + DuckDbTypes.sqlType(column.type()) + ") AS "
                    + Sql.identifier(column.name()));
        }
        return "SELECT " + String.join(", ", typed) + " FROM " + NAME + "(" + id + ")";
    }

    @Override
    public ColumnRecorder bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        ColumnRecorder recorder = recorders.get(info.getParameter(0).getLong());
        if (recorder == null) {
            throw new IllegalStateException("the session of this table is closed");
        }
        // What a query that only counts rows is given.
        info.addResultColumn("none", DuckDBColumnType.BOOLEAN);
        for (int column = 0; column < recorder.columns().size(); column++) {
            info.addResultColumn("c" + column, DuckDBColumnType.VARCHAR);
        }
        return recorder;
    }

    @Override
    public ColumnRecorder init(DuckDBTableFunctionInitInfo info) {
        ColumnRecorder recorder = info.getBindData();
        recorder.scanned(LongStream.range(0, info.getColumnCount())
                .map(info::getColumnIndex)
                .map(index -> index - 1));
        return recorder;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out) {
        return 0;
    }
}
