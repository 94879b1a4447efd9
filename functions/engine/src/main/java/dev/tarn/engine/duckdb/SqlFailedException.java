package dev.tarn.engine.duckdb;

import java.sql.SQLException;

/**
 * DuckDB refused a statement or failed in it. The message is DuckDB's own and may name values of rows, so it is not for
 * users as it stands.
 */
public final class SqlFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SqlFailedException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
