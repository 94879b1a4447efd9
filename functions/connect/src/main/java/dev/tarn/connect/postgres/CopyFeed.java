package dev.tarn.connect.postgres;

import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows of one PostgreSQL table, decoded column by column, and behind them one more column: what did not fit its type, as
 * a JSON object {@code {"column": "value"}}. The rows can be read once.
 */
public final class CopyFeed implements RowFeed {

    /** More threads than this only wait for the one connection. */
    private static final int MOST_THREADS = 4;

    private final List<SourceColumn> columns;
    private final TableSchema schema;
    private final CopyStream stream;
    private final AtomicLong rows = new AtomicLong();

    private CopyFeed(List<SourceColumn> columns, TableSchema schema, CopyStream stream) {
        this.columns = columns;
        this.schema = schema;
        this.stream = stream;
    }

    /**
     * Starts reading, in the transaction of {@code connection}, which serves nothing else until all rows are read; whoever
     * leaves earlier has to close it.
     *
     * @param columns at least one
     * @param condition which rows, over the table's own and its system columns
     * @param rescued name of the column for what did not fit
     */
    public static CopyFeed open(
            Connection connection, String relation, List<SourceColumn> columns, String condition, String rescued)
            throws SQLException, IOException {
        String select =
                String.join(", ", columns.stream().map(SourceColumn::selected).toList());
        String query = "SELECT " + select + " FROM " + Sql.identifier(relation) + " WHERE " + condition;
        List<Column> fields =
                new ArrayList<>(columns.stream().map(SourceColumn::column).toList());
        fields.add(new Column(rescued, DataType.Simple.STRING));
        return new CopyFeed(
                List.copyOf(columns), new TableSchema(fields), CopyStream.open(connection, query, columns.size()));
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
        return stream.isEmpty();
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
        return stream.failure();
    }

    @Override
    public Reader open() {
        return new Decoding();
    }

    private final class Decoding implements Reader {

        private final CopyDecoder decoder = new CopyDecoder(columns, schema);

        @Override
        public int read(ColumnWriter out) {
            try {
                int taken = decoder.read(stream, out);
                rows.addAndGet(taken);
                return taken;
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
