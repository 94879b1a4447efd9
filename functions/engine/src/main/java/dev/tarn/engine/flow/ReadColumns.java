package dev.tarn.engine.flow;

import dev.tarn.engine.duckdb.ColumnRecorder;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which columns of its inputs a flow's query reads, as DuckDB's planner has it: the query runs once over tables without
 * rows. Found out when it is first asked for.
 */
final class ReadColumns {

    private static final Logger LOG = LoggerFactory.getLogger(ReadColumns.class);

    private final DuckDb duckDb;
    private final Flow flow;
    private final Map<TableName, TableSchema> inputs;
    private @Nullable Map<TableName, Set<String>> found;

    /** @param inputs schemas of all tables that the flow reads */
    ReadColumns(DuckDb duckDb, Flow flow, Map<TableName, TableSchema> inputs) {
        this.duckDb = duckDb;
        this.flow = flow;
        this.inputs = inputs;
    }

    /** Columns of one input; all of them when the planner never came to it. */
    synchronized Set<String> of(TableName table) {
        if (found == null) {
            found = find();
        }
        return found.get(table);
    }

    private Map<TableName, Set<String>> find() {
        Map<TableName, ColumnRecorder> recorders = new HashMap<>();
        inputs.forEach((table, schema) -> recorders.put(table, new ColumnRecorder(schema)));
        boolean ran = run(recorders);
        Map<TableName, Set<String>> columns = new HashMap<>();
        inputs.forEach((table, schema) -> {
            Set<String> all = Set.copyOf(schema.names());
            columns.put(table, ran ? recorders.get(table).read().orElse(all) : all);
        });
        return columns;
    }

    private boolean run(Map<TableName, ColumnRecorder> recorders) {
        try (Session session = duckDb.session()) {
            recorders.forEach((table, recorder) -> session.recorded(table.toString(), recorder));
            // Of its own, so that the rows that an aggregate makes of nothing are not counted against the update.
            String sql = new OnePass(flow).sql(session);
            session.query(sql, row -> true);
            return true;
        } catch (SqlFailedException e) {
            LOG.debug("{}: all columns are fetched, since the query fails without rows", flow.id(), e);
            return false;
        }
    }
}
