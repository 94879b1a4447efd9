package dev.tarn.engine.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;

/**
 * The rows of a query as DuckDB makes them, some thousand at a time; only those are in memory.
 *
 * <p>When DuckDB fails on the way, the rows just end: its driver has no way to tell. Whoever needs all of them has to know
 * how many there are.
 */
public final class RowChunks implements AutoCloseable {

    private final DuckDBPreparedStatement statement;
    private final DuckDBChunkedResult result;

    private RowChunks(DuckDBPreparedStatement statement, DuckDBChunkedResult result) {
        this.statement = statement;
        this.result = result;
    }

    static RowChunks of(DuckDBConnection connection, String sql) throws SQLException {
        DuckDBPreparedStatement statement = connection.prepareStatement(sql).unwrap(DuckDBPreparedStatement.class);
        try {
            return new RowChunks(statement, statement.query());
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** Goes to the next chunk; false when there is none. What {@link #chunk} gave before is then no longer valid. */
    public boolean next() {
        return result.nextChunk();
    }

    public DuckDBDataChunkReader chunk() {
        return result.chunk();
    }

    @Override
    public void close() {
        try (statement) {
            result.close();
        } catch (SQLException e) {
            throw new SqlFailedException(e);
        }
    }
}
