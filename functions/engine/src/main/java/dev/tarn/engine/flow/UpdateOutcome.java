package dev.tarn.engine.flow;

import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.util.List;

/** What became of a call to update a flow; a failure is an exception instead. */
public sealed interface UpdateOutcome {

    /** The target has seen everything there is. */
    record NothingNew() implements UpdateOutcome {}

    /** Tables that are read do not exist yet. */
    record Waiting(List<TableName> missing) implements UpdateOutcome {
        public Waiting {
            missing = List.copyOf(missing);
        }
    }

    /** Somebody else is running the flow, and will look for news once more when done. */
    record Busy() implements UpdateOutcome {}

    /** The sources changed, the result did not: there is no commit. */
    record Unchanged(UpdateStats stats) implements UpdateOutcome {}

    /** The update failed so often over what the sources have that it is not tried until they have something else. */
    record SetAside(int attempts, UpdateRecord.Failure failure) implements UpdateOutcome {}

    /** The target has a new version. */
    record Completed(UpdateId update, long version, UpdateStats stats) implements UpdateOutcome {}
}
