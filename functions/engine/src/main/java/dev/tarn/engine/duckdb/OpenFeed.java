package dev.tarn.engine.duckdb;

import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.duckdb.DuckDBDataChunkWriter;

/** A feed and the readers that were opened on it: DuckDB does not say when it drops one before its end. */
final class OpenFeed implements AutoCloseable {

    private final RowFeed feed;
    private final List<Column> columns;
    private final Queue<FeedCursor> cursors = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    OpenFeed(RowFeed feed) {
        this.feed = feed;
        this.columns = feed.schema().columns();
        for (Column column : columns) {
            if (!(column.type() instanceof DataType.Simple) && !(column.type() instanceof DataType.Decimal)) {
                throw new IllegalArgumentException("column " + column.name() + ": " + column.type() + " cannot be fed");
            }
        }
    }

    List<Column> columns() {
        return columns;
    }

    int maxThreads() {
        return feed.maxThreads();
    }

    /** A reader of its own for one thread; one that is at its end when the feed cannot be opened. */
    FeedCursor open() {
        try {
            FeedCursor cursor = new FeedCursor(feed.open(), columns, cursors::remove);
            cursors.add(cursor);
            return cursor;
        } catch (IOException | RuntimeException e) {
            failures.add(e);
            return FeedCursor.ended();
        }
    }

    /**
     * The next rows. A failure ends all readers and is kept for {@link #takeFailures}: thrown into DuckDB by two of its
     * threads at a time, it can make the statement wait for ever.
     */
    int read(FeedCursor cursor, DuckDBDataChunkWriter out) {
        if (!failures.isEmpty()) {
            return 0;
        }
        try {
            return cursor.read(out);
        } catch (Exception e) {
            failures.add(e);
            return 0;
        }
    }

    /** What readers threw since the last call: the rows that were read are then not all there are. */
    List<Exception> takeFailures() {
        List<Exception> taken = new ArrayList<>();
        for (Exception failure = failures.poll(); failure != null; failure = failures.poll()) {
            taken.add(failure);
        }
        return taken;
    }

    /** Closes what is still open. All of it, even when one fails; the first failure is thrown. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (FeedCursor cursor = cursors.poll(); cursor != null; cursor = cursors.poll()) {
            try {
                cursor.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
