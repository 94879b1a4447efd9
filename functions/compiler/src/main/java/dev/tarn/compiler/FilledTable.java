package dev.tarn.compiler;

import dev.tarn.compiler.query.Lineage;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSchema;
import java.util.List;

/**
 * A table with the flows that fill it.
 *
 * @param lineage of its rows, for those who stream them
 * @param warnings what is right and may not be meant
 */
record FilledTable(TableSchema schema, List<Flow> flows, Lineage lineage, List<Problem> warnings) {

    FilledTable {
        flows = List.copyOf(flows);
        warnings = List.copyOf(warnings);
    }

    /** Whether its rows follow changes. */
    boolean follows() {
        return flows.stream().anyMatch(flow -> flow.effect() instanceof Effect.AutoCdc);
    }
}
