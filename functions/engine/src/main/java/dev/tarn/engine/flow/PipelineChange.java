package dev.tarn.engine.flow;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the next update of a flow means for its table, by how the flow is defined and how it was when it filled the table
 * last. New rows of its sources are no change.
 *
 * @param sentence what happens, for people
 * @param refusal what the update will say; null unless it is refused
 */
public record PipelineChange(Flow flow, Kind kind, String sentence, @Nullable Problem refusal) {

    /** What happens. */
    public enum Kind {
        /** The flow fills its table for the first time. */
        NEW,
        /** The flow is as it was. */
        UNCHANGED,
        /** A materialized view is computed anew. */
        RECOMPUTE,
        /** A streaming table follows the new definition with what comes from now on. */
        NEW_ROWS_ONLY,
        /** The update will fail, and the table stays as it is. Other KEYS of AUTO CDC are found by the update only. */
        REFUSED,
        /** A back-fill that has run, and does not again by itself. */
        ONCE_DONE
    }

    public PipelineChange {
        requireNonNull(flow, "flow");
        requireNonNull(kind, "kind");
        if ((kind == Kind.REFUSED) != (refusal != null) || sentence.isBlank()) {
            throw new IllegalArgumentException("a change is explained, and refused for a reason");
        }
    }

    /** Whether the next update does something that a definition made necessary. */
    public boolean isChange() {
        return kind != Kind.UNCHANGED && kind != Kind.ONCE_DONE;
    }

    static PipelineChange of(Lake lake, Flow flow) {
        Optional<TableSnapshot> table = lake.table(flow.target()).snapshot();
        return table.isEmpty()
                ? of(flow, Kind.NEW, "It is made, and filled with all that its sources have.")
                : of(flow, table.get());
    }

    private static PipelineChange of(Flow flow, TableSnapshot table) {
        boolean isView = flow.effect() instanceof Effect.Replace;
        Target.Change columns = Target.change(flow.dataset(), table);
        if (!isView && columns == Target.Change.OTHER) {
            return new PipelineChange(
                    flow,
                    Kind.REFUSED,
                    "The update is refused, and the table stays as it is.",
                    Target.refusal(flow.dataset(), table));
        }
        Optional<FlowProgress> progress = table.progress(flow.id());
        if (progress.isEmpty()) {
            return of(
                    flow,
                    Kind.NEW,
                    "The flow " + flow.id() + " is new: it fills the table with all that its sources have"
                            + (isView || table.numRecords() == 0 ? "." : ", and the rows that are there stay."));
        }
        boolean isChanged =
                columns != Target.Change.NONE || !progress.get().planHash().equals(flow.hash());
        if (flow.effect().once()) {
            return of(
                    flow,
                    Kind.ONCE_DONE,
                    "The back-fill " + flow.id() + " has run" + (isChanged ? ", as it was defined before" : "")
                            + ". tarn update --flow " + flow.id() + " --replay runs it again.");
        }
        if (!isChanged) {
            return of(flow, Kind.UNCHANGED, "It is as it was.");
        }
        return isView
                ? of(flow, Kind.RECOMPUTE, "Its definition changed: it is computed anew, in one commit.")
                : of(flow, Kind.NEW_ROWS_ONLY, newRowsOnly(flow, table));
    }

    private static String newRowsOnly(Flow flow, TableSnapshot table) {
        long more = flow.schema().names().stream()
                .filter(name -> table.schema().column(name).isEmpty())
                .count();
        String columns = more == 0
                ? ""
                : " without values in " + (more == 1 ? "the new column" : "the " + more + " new columns");
        return "Its definition changed: what comes from now on follows it, and the rows that are there stay as they are"
                + columns + ". --full-refresh makes all anew.";
    }

    private static PipelineChange of(Flow flow, Kind kind, String sentence) {
        return new PipelineChange(flow, kind, sentence, null);
    }
}
