package dev.tarn.engine.flow;

import static java.util.stream.Collectors.joining;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.NewColumns;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that expectations keep out of a table and aside: a table beside it, with the same columns and what Tarn adds.
 *
 * <p>The rows of an update are committed before the target is. Those that an attempt left which never came to its own commit
 * are replaced by those of the attempt that does: they have its number.
 */
final class Quarantine {

    /** Names of all expectations that the row breaks. */
    static final String BROKEN = "_tarn_broken";

    static final String FLOW = "_tarn_flow";

    /** Number of the flow's update that found the row. */
    static final String UPDATE = "_tarn_update";

    static final String AT = "_tarn_kept_at";

    /** Tells rows apart. */
    static final String ROW = "_tarn_row";

    /** Number of the replay that brings the row back, NULL until there is one. */
    static final String REPLAY = "_tarn_replay";

    private final Lake lake;
    private final Flow flow;
    private final DeltaTable table;

    Quarantine(Lake lake, Flow flow) {
        this.lake = lake;
        this.flow = flow;
        this.table = lake.table(flow.target().quarantine());
    }

    /** The rows that are kept aside of the table; empty when none ever were, whatever else may have that name. */
    static Optional<DeltaTable> of(Lake lake, TableName name) {
        if (!TableName.isTableName(name.table() + TableName.QUARANTINE)) {
            return Optional.empty();
        }
        DeltaTable table = lake.table(name.quarantine());
        return table.snapshot()
                .filter(kept -> kept.schema().column(BROKEN).isPresent())
                .map(kept -> table);
    }

    static boolean isUsedBy(Flow flow) {
        return flow.expectations().stream().anyMatch(Quarantine::keepsAside);
    }

    private static boolean keepsAside(Expectation expectation) {
        return expectation.onViolation() == Expectation.OnViolation.QUARANTINE;
    }

    DeltaTable table() {
        return table;
    }

    /** A condition: rows of this flow. */
    String ofFlow() {
        return Sql.identifier(FLOW) + " = " + Sql.literal(flow.id());
    }

    /**
     * Keeps those of the rows aside that break an expectation which says so.
     *
     * @param rows a FROM-expression over the result of the flow's query
     * @param number of the flow's update
     * @param anew whether the target is made anew, so that nothing that was kept counts any longer
     * @return whether that could be done before another writer
     */
    boolean keep(Session session, String rows, long number, boolean anew) {
        TableDefinition definition = definition();
        TableSnapshot base = table.snapshot().orElseGet(() -> table.create(definition));
        String sql = sql(rows, number);
        String replaced = flow.effect() instanceof Effect.Replace
                ? ofFlow()
                : ofFlow() + " AND " + Sql.identifier(UPDATE) + " >= " + number;
        TableChange change = anew
                ? table.redefine(session, base, definition, sql)
                : table.replaceWhere(session, base, RowFilter.matching(replaced), sql, NewColumns.ADD);
        return commit(change, "QUARANTINE");
    }

    /** Whether the change is in; not when another writer was faster. */
    boolean commit(TableChange change, String operation) {
        return table.commitOrDiscard(change, CommitRequest.ofWork(lake.newUpdateId(), operation, Map.of()));
    }

    private TableDefinition definition() {
        List<Column> columns = new ArrayList<>(flow.schema().columns());
        columns.add(new Column(BROKEN, new DataType.Array(DataType.Simple.STRING), "Expectations that the row breaks"));
        columns.add(new Column(FLOW, DataType.Simple.STRING));
        columns.add(new Column(UPDATE, DataType.Simple.BIGINT));
        columns.add(new Column(AT, DataType.Simple.TIMESTAMP));
        columns.add(new Column(ROW, DataType.Simple.STRING));
        columns.add(new Column(REPLAY, DataType.Simple.BIGINT));
        return new TableDefinition(
                new TableSchema(columns),
                List.of(),
                "Rows that expectations keep out of " + flow.target(),
                Map.of("delta.enableDeletionVectors", "true"));
    }

    private String sql(String rows, long number) {
        String names = flow.expectations().stream()
                .map(rule -> "CASE WHEN NOT " + OnePass.kept(rule) + " THEN " + Sql.literal(rule.name()) + " END")
                .collect(joining(", ", "list_filter([", "], lambda name: name IS NOT NULL)"));
        String aside = flow.expectations().stream()
                .filter(Quarantine::keepsAside)
                .map(rule -> "NOT " + OnePass.kept(rule))
                .collect(joining(" OR "));
        return "SELECT " + Sql.identifiers(flow.schema().names()) + ", " + names + " AS " + Sql.identifier(BROKEN)
                + ", "
                + Sql.literal(flow.id()) + " AS " + Sql.identifier(FLOW) + ", " + number + "::BIGINT AS "
                + Sql.identifier(UPDATE) + ", "
                + Sql.literal(lake.clock().instant().toString())
                + "::TIMESTAMPTZ AS " + Sql.identifier(AT) + ", uuid()::VARCHAR AS " + Sql.identifier(ROW)
                + ", NULL::BIGINT AS " + Sql.identifier(REPLAY) + " FROM " + rows + " WHERE " + aside;
    }
}
