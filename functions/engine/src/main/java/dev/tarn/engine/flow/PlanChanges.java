package dev.tarn.engine.flow;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.model.Column;
import dev.tarn.model.Dataset;
import dev.tarn.model.Flow;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a plan means for a lake on which other plans ran before.
 *
 * @param flows of the plan, in its order
 * @param removedTables tables of silver and gold that flows of former plans filled and none of this plan does
 * @param removedFlows flows of former plans whose rows are in a streaming table that others fill now
 */
public record PlanChanges(
        List<PipelineChange> flows, List<RemovedTable> removedTables, List<RemovedFlow> removedFlows) {

    /**
     * A table that nobody fills any longer.
     *
     * @param renamed a new table with the same columns; null when there is none
     */
    public record RemovedTable(TableName table, long rows, @Nullable TableName renamed) {
        public RemovedTable {
            requireNonNull(table, "table");
        }
    }

    /** A flow that is gone. */
    public record RemovedFlow(String id, TableName table) {
        public RemovedFlow {
            requireNonNull(table, "table");
        }
    }

    public PlanChanges {
        flows = List.copyOf(flows);
        removedTables = List.copyOf(removedTables);
        removedFlows = List.copyOf(removedFlows);
    }

    /** Compares the plan with the lake, which stays as it is. */
    public static PlanChanges of(Lake lake, Plan plan) {
        List<PipelineChange> flows =
                plan.flows().stream().map(flow -> PipelineChange.of(lake, flow)).toList();
        List<RemovedTable> tables = new ArrayList<>();
        List<RemovedFlow> gone = new ArrayList<>();
        for (Flow former : former(lake, plan)) {
            Optional<TableSnapshot> filled = lake.table(former.target())
                    .snapshot()
                    .filter(table -> table.progress(former.id()).isPresent());
            List<Flow> filling = plan.flows().stream()
                    .filter(flow -> flow.target().equals(former.target()))
                    .toList();
            if (filled.isEmpty()) {
                continue;
            }
            if (!filling.isEmpty()) {
                if (filling.get(0).dataset().kind() == Dataset.Kind.STREAMING_TABLE) {
                    gone.add(new RemovedFlow(former.id(), former.target()));
                }
            } else if (tables.stream().noneMatch(table -> table.table().equals(former.target()))) {
                tables.add(new RemovedTable(
                        former.target(), filled.get().numRecords(), renamed(lake, filled.get(), flows)));
            }
        }
        return new PlanChanges(flows, tables, gone);
    }

    /** Flows of former plans that the plan does not have, ordered by their tables. */
    private static List<Flow> former(Lake lake, Plan plan) {
        TreeMap<String, Flow> former = new TreeMap<>();
        for (Plan other : plans(lake)) {
            other.flows().stream()
                    .filter(flow -> flow.target().layer() == Layer.SILVER
                            || flow.target().layer() == Layer.GOLD)
                    .forEach(flow -> former.put(flow.target() + " " + flow.id(), flow));
        }
        plan.flows().forEach(flow -> former.remove(flow.target() + " " + flow.id()));
        return List.copyOf(former.values());
    }

    private static List<Plan> plans(Lake lake) {
        try {
            return new PlanStore(lake.storage()).all();
        } catch (IOException e) {
            throw new UncheckedIOException("the plans of the lake cannot be read", e);
        }
    }

    private static @Nullable TableName renamed(Lake lake, TableSnapshot table, List<PipelineChange> flows) {
        String columns = columns(table.schema().columns());
        return flows.stream()
                .filter(change -> change.kind() == PipelineChange.Kind.NEW)
                .filter(change -> columns(change.flow().schema().columns()).equals(columns))
                .map(change -> change.flow().target())
                .filter(name -> lake.table(name).snapshot().isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String columns(List<Column> columns) {
        return columns.stream()
                .map(column -> column.name() + " " + column.type())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
