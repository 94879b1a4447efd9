package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one PostgreSQL table, decoded column by column. They can be read once.
 */
public final class CopyFeed implements RowFeed {

    /** More threads than this only wait for the one connection. */
    private static final int MOST_THREADS = 4;

    private final CopyRequest request;
    private final TableSchema schema;
    private final List<CopyStream> streams;
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicLong rows = new AtomicLong();

    private CopyFeed(CopyRequest request, TableSchema schema, List<CopyStream> streams) {
        this.request = request;
        this.schema = schema;
        this.streams = streams;
    }

    /**
     * A share of the rows, and the connection that brings it.
     *
     * @param connection in whose transaction the rows are read; it serves nothing else until all are, and whoever leaves
     *     earlier has to close it
     * @param condition which rows, over the table's own and its system columns
     */
    public record Part(Connection connection, String condition) {
        public Part {
            requireNonNull(connection, "connection");
            requireNonNull(condition, "condition");
        }
    }

    /**
     * Starts reading all parts, of which there is one at least.
     *
     * @param megabytesPerSecond most that is taken of all parts together; null for as much as comes
     */
    public static CopyFeed open(CopyRequest request, List<Part> parts, @Nullable Integer megabytesPerSecond)
            throws SQLException, IOException {
        List<CopyStream> streams = new ArrayList<>();
        ReadingPace pace = new ReadingPace(megabytesPerSecond);
        for (Part part : parts) {
            streams.add(CopyStream.open(part.connection(), request.query(part.condition()), request.fields(), pace));
        }
        return new CopyFeed(request, request.schema(), List.copyOf(streams));
    }

    @Override
    public TableSchema schema() {
        return schema;
    }

    @Override
    public int maxThreads() {
        return MOST_THREADS;
    }

    /** Whether there are no rows. Known as soon as the feed is open. */
    public boolean isEmpty() {
        return streams.stream().allMatch(CopyStream::isEmpty);
    }

    /** Rows handed out until now. */
    public long rows() {
        return rows.get();
    }

    /**
     * Why the rows ended before their end, if they did; ask when the query is done. A reader that fails does not throw but
     * ends: DuckDB can wait for ever when two of its threads meet a failure at the same time.
     */
    public Optional<Exception> failure() {
        return streams.stream().flatMap(stream -> stream.failure().stream()).findFirst();
    }

    @Override
    public Reader open() {
        return new Decoding();
    }

    private final class Decoding implements Reader {

        private final CopyDecoder decoder = new CopyDecoder(request, schema);
        private final int first = readers.getAndIncrement();
        private int done;

        @Override
        public int read(ColumnWriter out) {
            while (done < streams.size()) {
                CopyStream stream = streams.get((first + done) % streams.size());
                int taken = read(stream, out);
                if (taken > 0) {
                    rows.addAndGet(taken);
                    return taken;
                }
                done++;
            }
            return 0;
        }

        private int read(CopyStream stream, ColumnWriter out) {
            try {
                return decoder.read(stream, out);
            } catch (SQLException | IOException | RuntimeException e) {
                stream.fail(e);
                return 0;
            }
        }

        /** The other readers go on. */
        @Override
        public void close() {}
    }
}
