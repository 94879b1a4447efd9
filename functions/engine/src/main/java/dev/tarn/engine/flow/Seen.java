package dev.tarn.engine.flow;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.model.TableName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a flow's target has seen so far.
 *
 * @param version of the target that has seen it, {@link #CREATED} when there is no target
 * @param progress null when the flow never committed
 */
record Seen(long version, @Nullable FlowProgress progress) {

    /** Version of a target that is made for its first update. */
    static final long CREATED = 0;

    static final Seen NOTHING = new Seen(CREATED, null);

    /** The same target, as if the flow had never filled it. */
    Seen forgotten() {
        return new Seen(version, null);
    }

    boolean isNothing() {
        return progress == null;
    }

    /** Whether it was filled by the flow as {@code planHash} defines it. */
    boolean isOfPlan(String planHash) {
        return progress != null && progress.planHash().equals(planHash);
    }

    /** How far the table has been read; empty when it was not. */
    Optional<SourceProgress> source(TableName table) {
        return progress == null ? Optional.empty() : progress.source(table.toString());
    }

    /** Whether exactly that has been seen, of whatever plan. */
    boolean hasSources(FlowProgress newest) {
        return progress != null && progress.sources().equals(newest.sources());
    }
}
