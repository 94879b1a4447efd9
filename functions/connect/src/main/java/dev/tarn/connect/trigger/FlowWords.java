package dev.tarn.connect.trigger;

import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import java.util.stream.Collectors;

/** What is logged of updates. */
final class FlowWords {

    private FlowWords() {}

    static String of(Flow flow, UpdateOutcome outcome) {
        return flow.id() + ": " + words(outcome);
    }

    private static String words(UpdateOutcome outcome) {
        if (outcome instanceof UpdateOutcome.Completed completed) {
            return "version " + completed.version() + ", "
                    + completed.stats().rowsWritten() + " rows in "
                    + completed.stats().took().toMillis() + " ms";
        }
        if (outcome instanceof UpdateOutcome.Waiting waiting) {
            return "waits for "
                    + waiting.missing().stream().map(TableName::toString).collect(Collectors.joining(", "));
        }
        if (outcome instanceof UpdateOutcome.SetAside aside) {
            return "set aside after " + aside.attempts() + " failed attempts over the same input, "
                    + aside.failure().code();
        }
        if (outcome instanceof UpdateOutcome.Unchanged) {
            return "came out as it was";
        }
        return outcome instanceof UpdateOutcome.Busy ? "is being updated by somebody else" : "nothing new";
    }
}
