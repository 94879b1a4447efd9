package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.SingleAction;

/**
 * Judges the commits that came between a plan and its commit. Kernel's own check misses concurrent adds and lower
 * transaction versions, so it is made here, from the winners' actions alone.
 */
final class Winners {

    private static final int DOMAIN_ORDINAL = SingleAction.FULL_SCHEMA.indexOf("domainMetadata");

    private final CommitRequest request;
    private final boolean replaces;
    private boolean stillFits = true;

    /** @param replaces whether the work read all rows of the table in order to replace them */
    Winners(CommitRequest request, boolean replaces) {
        this.request = request;
        this.replaces = replaces;
    }

    /** Whether the work may be committed after the winners looked at so far, as it stands. */
    boolean stillFits() {
        return stillFits;
    }

    void look(Row action) {
        stillFits &= action.isNullAt(SingleAction.METADATA_ORDINAL)
                && action.isNullAt(SingleAction.PROTOCOL_ORDINAL)
                && !isOfThisFlow(action)
                && !(replaces && touchesFiles(action));
    }

    /** Any version of the flow's transaction, a lower one too: its progress is no longer what the plan was made on. */
    private boolean isOfThisFlow(Row action) {
        return !action.isNullAt(SingleAction.TXN_ORDINAL)
                        && action.getStruct(SingleAction.TXN_ORDINAL)
                                .getString(0)
                                .equals(request.flowId())
                || !action.isNullAt(DOMAIN_ORDINAL)
                        && action.getStruct(DOMAIN_ORDINAL)
                                .getString(0)
                                .equals(Features.progressDomain(request.flowId()));
    }

    /** Even a mere rearrangement counts: the files that were to be removed are others now. */
    private static boolean touchesFiles(Row action) {
        return !action.isNullAt(SingleAction.ADD_FILE_ORDINAL) || !action.isNullAt(SingleAction.REMOVE_FILE_ORDINAL);
    }
}
