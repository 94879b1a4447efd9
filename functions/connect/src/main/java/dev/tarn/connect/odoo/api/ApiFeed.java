package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records as rows: the model's columns, what did not fit them, and the place in which they came. They can be read once, by
 * one thread.
 */
final class ApiFeed implements RowFeed {

    /** Rises from record to record; of one id, the last is newest. */
    static final String PLACE = "_place";

    private final TableSchema schema;
    private final ApiValues values;
    private final Supplier<List<ObjectNode>> pages;
    private final int most;

    private List<ObjectNode> page = List.of();
    private int given;
    private long rows;
    private @Nullable RuntimeException failure;

    /**
     * @param pages gives the next records, none at the end
     * @param most records, more or less: no page is begun after as many
     */
    ApiFeed(List<ApiColumn> columns, ApiValues values, Supplier<List<ObjectNode>> pages, int most) {
        List<Column> all =
                new ArrayList<>(columns.stream().map(ApiColumn::column).toList());
        all.add(new Column(BronzeColumns.RESCUED_DATA.name(), DataType.Simple.STRING));
        all.add(new Column(PLACE, DataType.Simple.BIGINT));
        this.schema = new TableSchema(all);
        this.values = values;
        this.pages = pages;
        this.most = most;
    }

    @Override
    public TableSchema schema() {
        return schema;
    }

    @Override
    public int maxThreads() {
        return 1;
    }

    /** The rows of a query over this feed, in a file; throws what ended them before their end. */
    Spool spooled(Session session, String sql) {
        Spool spool = Spool.of(session, sql);
        if (failure != null) {
            spool.close();
            throw failure;
        }
        return spool;
    }

    @Override
    public Reader open() {
        return new Reading();
    }

    private final class Reading implements Reader {

        @Override
        public int read(ColumnWriter out) {
            try {
                if (given == page.size()) {
                    page = rows < most ? pages.get() : List.of();
                    given = 0;
                }
                List<ObjectNode> records = page.subList(given, Math.min(page.size(), given + out.capacity()));
                values.write(records, out);
                for (int row = 0; row < records.size(); row++) {
                    out.setLong(schema.columns().size() - 1, row, rows + row);
                }
                given += records.size();
                rows += records.size();
                return records.size();
            } catch (RuntimeException e) {
                failure = e;
                return 0;
            }
        }

        @Override
        public void close() {}
    }
}
