package dev.tarn.engine.duckdb;

import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.Column;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBDataChunkWriter;

/** One reader of a feed, closed at its end. */
final class FeedCursor implements AutoCloseable {

    private final RowFeed.Reader reader;
    private final List<Column> columns;
    private final Consumer<FeedCursor> closed;
    private boolean open = true;

    FeedCursor(RowFeed.Reader reader, List<Column> columns, Consumer<FeedCursor> closed) {
        this.reader = reader;
        this.columns = columns;
        this.closed = closed;
    }

    /** A reader without rows. */
    static FeedCursor ended() {
        FeedCursor cursor = new FeedCursor(new NoRows(), List.of(), closed -> {});
        cursor.close();
        return cursor;
    }

    private static final class NoRows implements RowFeed.Reader {

        @Override
        public int read(ColumnWriter out) {
            return 0;
        }

        @Override
        public void close() {}
    }

    int read(DuckDBDataChunkWriter chunk) throws Exception {
        if (!open) {
            return 0;
        }
        ChunkColumns out = new ChunkColumns(chunk, columns);
        int rows = reader.read(out);
        if (rows == 0) {
            close();
        } else {
            out.finish(rows);
        }
        return rows;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        closed.accept(this);
        try {
            reader.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a reader of a feed could not be closed", e);
        }
    }
}
