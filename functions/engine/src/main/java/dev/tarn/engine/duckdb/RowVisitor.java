package dev.tarn.engine.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Is shown the rows of a result, one after the other. */
@FunctionalInterface
public interface RowVisitor {

    /** Looks at the row at which {@code row} stands; answers whether to go on. */
    boolean visit(ResultSet row) throws SQLException;
}
