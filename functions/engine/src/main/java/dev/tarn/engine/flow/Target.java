package dev.tarn.engine.flow;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.NewColumns;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table that a flow fills, as the project describes it, beside what it is. */
public final class Target {

    /** Of the tables that flows fill: what reads them is told row by row what changed, and a change need not copy files. */
    private static final Map<String, String> PROPERTIES =
            Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true");

    private final DeltaTable table;
    private final Flow flow;
    private final TableDefinition definition;

    Target(Lake lake, Flow flow) {
        this.table = lake.table(flow.target());
        this.flow = flow;
        this.definition = definition(flow.dataset());
    }

    private static TableDefinition definition(Dataset dataset) {
        Map<String, String> properties = new HashMap<>(PROPERTIES);
        properties.putAll(dataset.properties());
        return new TableDefinition(
                dataset.schema(), dataset.partitionBy(), dataset.clusterBy(), dataset.comment(), properties);
    }

    /** What the flow writes into it. */
    public enum Change {
        /** The table has the columns that the flow fills. */
        NONE,
        /** The flow fills columns beyond the table's. */
        MORE_COLUMNS,
        /** The table has to be made anew: columns went or changed their type, or its partitions are others. */
        OTHER
    }

    /** How the description differs from {@code table}. */
    public static Change change(Dataset dataset, TableSnapshot table) {
        if (!dataset.partitionBy().equals(table.partitionBy())) {
            return Change.OTHER;
        }
        boolean lacks = false;
        for (Column column : dataset.schema().columns()) {
            Optional<Column> found = table.schema().column(column.name());
            if (found.isPresent()
                    && !(found.get().name() + " " + found.get().type()).equals(column.name() + " " + column.type())) {
                return Change.OTHER;
            }
            lacks |= found.isEmpty();
        }
        boolean keeps = table.schema().names().stream()
                .allMatch(name -> dataset.schema().column(name).isPresent());
        if (!keeps) {
            return Change.OTHER;
        }
        return lacks ? Change.MORE_COLUMNS : Change.NONE;
    }

    /** The newest version, made now where there is none. */
    TableSnapshot snapshot() {
        return table.snapshot().orElseGet(() -> table.create(definition));
    }

    TableDefinition definition() {
        return definition;
    }

    /** Whether an update makes the table anew, with all rows, because it shall have other columns or partitions. */
    boolean needsAnew(TableSnapshot base) {
        return flow.effect() instanceof Effect.Replace && change(flow.dataset(), base) != Change.NONE;
    }

    /**
     * Of a table whose rows an update leaves.
     *
     * @throws TarnException SCHEMA_CHANGED when they cannot be rows of the table as it is described
     */
    void checkRowsCanStay(TableSnapshot base) {
        if (!(flow.effect() instanceof Effect.Replace) && change(flow.dataset(), base) == Change.OTHER) {
            throw new TarnException(List.of(refusal(flow.dataset(), base)), null);
        }
    }

    /** What is to be said of a streaming table whose description no longer fits its rows. */
    public static Problem refusal(Dataset dataset, TableSnapshot table) {
        TableName name = dataset.name();
        return new Problem(
                ErrorCode.SCHEMA_CHANGED,
                dataset.position(),
                name + " cannot become what its flows now fill, since its rows stay: " + differences(dataset, table)
                        + ".",
                "Make it anew from what its sources have with tarn update " + name
                        + " --full-refresh, or change the query back. New columns alone can be added as it is.");
    }

    private static String differences(Dataset dataset, TableSnapshot table) {
        List<String> found = new ArrayList<>();
        if (!dataset.partitionBy().equals(table.partitionBy())) {
            found.add("it is partitioned by " + list(table.partitionBy()) + ", and should be by "
                    + list(dataset.partitionBy()));
        }
        for (Column column : table.schema().columns()) {
            Optional<Column> wanted = dataset.schema().column(column.name());
            if (wanted.isEmpty()) {
                found.add(column.name() + " should go");
            } else if (!wanted.get().name().equals(column.name())) {
                found.add(column.name() + " should be called " + wanted.get().name());
            } else if (!wanted.get().type().toString().equals(column.type().toString())) {
                found.add(column.name() + " is " + column.type() + ", and should be "
                        + wanted.get().type());
            }
        }
        return String.join("; ", found);
    }

    private static String list(List<String> columns) {
        return columns.isEmpty() ? "nothing" : String.join(", ", columns);
    }

    /** What becomes of columns that the rows have beyond the table's. */
    NewColumns newColumns(TableSnapshot base) {
        return change(flow.dataset(), base) == Change.MORE_COLUMNS ? NewColumns.ADD : NewColumns.REFUSE;
    }
}
