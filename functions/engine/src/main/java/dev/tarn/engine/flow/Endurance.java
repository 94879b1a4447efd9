package dev.tarn.engine.flow;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.event.Attempts;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.TarnException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How often an update is tried that fails. One that failed often enough over the same input is set aside: it fails again
 * however often it is tried, and each attempt costs what it costs. New input, another definition of the flow, or somebody
 * who asks for it, and it is tried again.
 */
final class Endurance {

    private static final UpdateRecord.Kind KIND = UpdateRecord.Kind.UPDATE;

    /** What is not the flow's doing, and passes without its input becoming another one. */
    private static final Set<ErrorCode> OF_THE_LAKE =
            Set.of(ErrorCode.LAKE_ACCESS_REFUSED, ErrorCode.LAKE_NOT_WRITABLE, ErrorCode.LAKE_FORMAT_NEWER);

    private final Lake lake;
    private final FailedAttempts failed;
    private final int most;

    /** The update that failed last, by flow, until its failure is counted. */
    private final Map<String, String> updates = new ConcurrentHashMap<>();

    /** @param most failures over the same input */
    Endurance(Lake lake, int most) {
        this.lake = lake;
        this.failed = new FailedAttempts(lake.storage());
        this.most = most;
    }

    /** What is known of the flow's failures. */
    Optional<Attempts> find(Flow flow) {
        return failed.find(KIND, flow.id());
    }

    /** That the flow is set aside, when over this input it is. */
    Optional<UpdateOutcome> setAside(Optional<Attempts> known, FlowProgress input) {
        return known.filter(attempts -> attempts.reached(most, input.toJson())).map(Endurance::outcome);
    }

    private static UpdateOutcome outcome(Attempts attempts) {
        return new UpdateOutcome.SetAside(attempts.count(), attempts.failure());
    }

    void forget(Flow flow) {
        failed.forget(KIND, flow.id());
    }

    /** Notes which update it was whose failure is thrown. */
    void failing(Flow flow, Update update) {
        updates.put(flow.id(), update.id().toString());
    }

    /** Runs the flow and counts its failure; one that comes again although the flow is set aside is none. */
    UpdateOutcome count(Flow flow, Supplier<UpdateOutcome> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            @Nullable String update = updates.remove(flow.id());
            if (isOfTheFlow(failure)) {
                try {
                    Optional<UpdateOutcome> before = counted(flow, failure, update);
                    if (before.isPresent()) {
                        return before.get();
                    }
                } catch (RuntimeException uncounted) {
                    failure.addSuppressed(uncounted);
                }
            }
            throw failure;
        }
    }

    private Optional<UpdateOutcome> counted(Flow flow, RuntimeException failure, @Nullable String update) {
        FlowProgress input = SourceVersions.newest(lake, flow).progress();
        Optional<UpdateOutcome> before = setAside(find(flow), input);
        if (before.isEmpty()) {
            failed.failed(
                    KIND,
                    flow.id(),
                    passes(failure) ? "" : input.toJson(),
                    words(failure),
                    update,
                    lake.clock().instant());
        }
        return before;
    }

    private static boolean isOfTheFlow(RuntimeException failure) {
        if (failure instanceof TarnException refusal) {
            return !OF_THE_LAKE.contains(refusal.code());
        }
        return !(failure instanceof UncheckedIOException);
    }

    /** What passes by itself is over no input in particular, so that it sets nothing aside. */
    private static boolean passes(RuntimeException failure) {
        return failure instanceof TarnException refusal && refusal.code().retry() == ErrorCode.Retry.LATER;
    }

    /** Of a mistake only its kind: its message may hold anything. */
    private static UpdateRecord.Failure words(RuntimeException failure) {
        if (failure instanceof TarnException refusal) {
            return UpdateRecord.Failure.of(refusal);
        }
        return new UpdateRecord.Failure(
                ErrorCode.UPDATE_FAILED,
                "A mistake in Tarn: " + failure.getClass().getSimpleName() + ".",
                "Report it with what the log says.");
    }
}
