package dev.tarn.engine.feed;

import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.sql.SQLException;

/** Rows that come from outside. A query over a feed opens its readers anew. */
public interface RowFeed {

    /** Columns and types. Nested types cannot be fed. */
    TableSchema schema();

    /** Most readers that may be open at one time, at least 1. */
    int maxThreads();

    /** Opens a reader: called by each of DuckDB's threads that takes part, from that thread. */
    Reader open() throws IOException;

    /** Yields a share of the rows; together the open readers yield every row once. Used by one thread at a time. */
    interface Reader extends AutoCloseable {

        /**
         * Writes the next rows to rows {@code 0..n-1} of every column and returns {@code n}, at most
         * {@link ColumnWriter#capacity()}; 0 at the end. A value that is neither set nor set to NULL is undefined.
         */
        int read(ColumnWriter out) throws Exception;

        @Override
        void close() throws IOException, SQLException;
    }
}
