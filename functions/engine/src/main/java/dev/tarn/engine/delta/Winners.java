package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.RemoveFile;
import io.delta.kernel.internal.actions.SingleAction;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the commits that came between a plan and its commit. Kernel's own check misses concurrent adds and lower
 * transaction versions, so it is made here, from the winners' actions alone.
 */
final class Winners {

    private static final int DOMAIN_ORDINAL = SingleAction.FULL_SCHEMA.indexOf("domainMetadata");

    private final Optional<FlowStep> step;
    private final ReadScope reads;
    private final Set<String> removed;
    private boolean stillFits = true;

    Winners(TableChange change, CommitRequest request) {
        this.step = request.flow();
        this.reads = change.parts().reads();
        this.removed = change.removedPaths();
    }

    /** Whether the change may be committed after the winners looked at so far, as it stands. */
    boolean stillFits() {
        return stillFits;
    }

    void look(Row action) {
        stillFits &= action.isNullAt(SingleAction.METADATA_ORDINAL)
                && action.isNullAt(SingleAction.PROTOCOL_ORDINAL)
                && !isOfThisFlow(action)
                && !removesWhatChanges(action)
                && !addsWhatWasRead(action);
    }

    /** Any version of the flow's transaction, a lower one too: its progress is no longer what the plan was made on. */
    private boolean isOfThisFlow(Row action) {
        return step.isPresent() && isOf(step.get().flowId(), action);
    }

    private static boolean isOf(String flowId, Row action) {
        return !action.isNullAt(SingleAction.TXN_ORDINAL)
                        && action.getStruct(SingleAction.TXN_ORDINAL)
                                .getString(0)
                                .equals(flowId)
                || !action.isNullAt(DOMAIN_ORDINAL)
                        && action.getStruct(DOMAIN_ORDINAL).getString(0).equals(Features.progressDomain(flowId));
    }

    /** Even a mere rearrangement counts: the files that are to be removed are others now. */
    private boolean removesWhatChanges(Row action) {
        if (action.isNullAt(SingleAction.REMOVE_FILE_ORDINAL)) {
            return false;
        }
        RemoveFile remove = new RemoveFile(action.getStruct(SingleAction.REMOVE_FILE_ORDINAL));
        return removed.contains(remove.getPath())
                || reads.reliesOn(remove.getPath())
                || reads.isWholeTable() && remove.getDataChange();
    }

    /** A file that was rearranged holds rows that were read before. */
    private boolean addsWhatWasRead(Row action) {
        if (action.isNullAt(SingleAction.ADD_FILE_ORDINAL)) {
            return false;
        }
        AddFile add = new AddFile(action.getStruct(SingleAction.ADD_FILE_ORDINAL));
        return add.getDataChange() && reads.meets(add);
    }
}
