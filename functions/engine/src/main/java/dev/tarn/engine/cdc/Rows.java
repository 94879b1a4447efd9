package dev.tarn.engine.cdc;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are read several times, until they are closed: in a file of their own, or those of somebody else.
 *
 * @param from a FROM-expression
 */
record Rows(String from, long number, @Nullable Spool own) implements AutoCloseable {

    /** Runs the query once. */
    static Rows of(Session session, String sql) {
        Spool spool = Spool.of(session, sql);
        return new Rows(spool.from(), spool.rows(), spool);
    }

    /** Rows that are kept elsewhere. */
    static Rows borrowed(String from, long number) {
        return new Rows(from, number, null);
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
