package dev.tarn.engine.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads the row at which a result stands. */
@FunctionalInterface
public interface RowReader<T> {

    T read(ResultSet row) throws SQLException;
}
