package dev.tarn.local.run;

import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Updates;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An update of a flow. */
record FlowJob(Flow flow, Updates updates, UpListener listener) implements Job {

    @Override
    public Stage stage() {
        return Stage.filling(flow.target().layer());
    }

    @Override
    public String name() {
        return flow.target().toString();
    }

    @Override
    public Set<TableName> inputs() {
        return flow.inputs().stream().map(Flow.Input::table).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Optional<TableName> output() {
        return Optional.of(flow.target());
    }

    @Override
    public Result run() {
        UpdateOutcome outcome = listener.during(stage() + " " + name(), () -> updates.run(flow));
        if (outcome instanceof UpdateOutcome.Completed completed) {
            listener.step(new Step.Updated(stage(), flow.target(), completed.version(), completed.stats()));
        }
        if (outcome instanceof UpdateOutcome.SetAside aside) {
            UpdateRecord.Failure failure = aside.failure();
            throw new TarnException(failure.code(), failure.what(), failure.mend());
        }
        if (outcome instanceof UpdateOutcome.Waiting) {
            return Result.WAITING;
        }
        return outcome instanceof UpdateOutcome.Busy ? Result.BUSY : Result.DONE;
    }
}
