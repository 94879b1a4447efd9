package dev.tarn.engine.duckdb;

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

    int read(DuckDBDataChunkWriter chunk) throws Exception {
        if (!open) {
            return 0;
        }
        ChunkColumns out = new ChunkColumns(chunk, columns);
        int rows = reader.read(out);
        if (rows == 0) {
            close();
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
