package dev.tarn.engine.duckdb;

import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.DataType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * The table function behind {@link Session#feed}. A function of DuckDB can never be taken back, so there is one for all
 * sessions, and its argument says whose feed is meant.
 */
final class FeedFunction implements DuckDBTableFunction<OpenFeed, OpenFeed, FeedCursor> {

    private static final String NAME = "tarn_feed";

    private final Map<Long, OpenFeed> feeds = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    void register(Connection connection) throws SQLException {
        try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
            builder.withName(NAME)
                    .withParameter(DuckDBColumnType.BIGINT)
                    .withFunction(this)
                    .register(connection);
        }
    }

    long add(RowFeed feed) {
        long id = lastId.incrementAndGet();
        feeds.put(id, new OpenFeed(feed));
        return id;
    }

    void remove(long id) {
        OpenFeed feed = feeds.remove(id);
        if (feed != null) {
            feed.close();
        }
    }

    /** What readers of the feed threw since the last call. */
    List<Exception> takeFailures(long id) {
        OpenFeed feed = feeds.get(id);
        return feed == null ? List.of() : feed.takeFailures();
    }

    /** The query that reads the feed in its own types. */
    static String select(long id, RowFeed feed) {
        return feed.schema().columns().stream()
                .map(FeedCarrier::typed)
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + NAME + "(" + id + ")"));
    }

    @Override
    public OpenFeed bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        OpenFeed feed = feeds.get(info.getParameter(0).getLong());
        if (feed == null) {
            throw new IllegalStateException("the session of this feed is closed");
        }
        for (FeedCarrier carrier : FeedCarrier.of(feed.columns())) {
            try (DuckDBLogicalType type = logical(carrier.type())) {
                info.addResultColumn(carrier.name(), type);
            }
        }
        return feed;
    }

    private static DuckDBLogicalType logical(DataType type) throws SQLException {
        return type instanceof DataType.Decimal decimal
                ? DuckDBLogicalType.decimal(decimal.precision(), decimal.scale())
                : DuckDBLogicalType.of(DuckDBColumnType.valueOf(DuckDbTypes.sqlType(type)));
    }

    @Override
    public OpenFeed init(DuckDBTableFunctionInitInfo info) {
        OpenFeed feed = info.getBindData();
        info.setMaxThreads(feed.maxThreads());
        return feed;
    }

    @Override
    public FeedCursor localInit(DuckDBTableFunctionInitInfo info) throws SQLException {
        OpenFeed feed = info.getBindData();
        return feed.open();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out) throws SQLException {
        OpenFeed feed = info.getBindData();
        FeedCursor cursor = info.getLocalInitData();
        return feed.read(cursor, out);
    }
}
