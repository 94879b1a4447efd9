package dev.tarn.connect.trigger;

import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Wakes;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.DeployedPlan;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The flows and sinks of the plan that is deployed, woken by commits and by sweeps. One object for all that a process hears.
 */
public final class RunningPlan {

    private final Lake lake;
    private final DeployedPlan deployed;
    private final Wakes wakes;
    private final Sinks sinks;

    public RunningPlan(Lake lake, EnvironmentSecrets secrets) {
        this.lake = lake;
        this.deployed = new DeployedPlan(lake);
        this.wakes = new Wakes(lake, Pause.real(), deployed);
        this.sinks = new Sinks(lake, secrets);
    }

    /**
     * A file came into the lake. When it is the commit of a table, every flow that reads the table runs, and every sink that
     * takes it gets it, whatever the table's layer. Nobody looks into the file: flows go to what the table is by now.
     *
     * @param path of the file in the lake
     * @param told hears sentences on what was done
     * @throws TarnException PROJECT_NOT_FOUND when no plan is deployed, and the problems of everything that failed, when the
     *     rest has been done; the event is to be delivered again
     */
    public void arrived(String path, Consumer<String> told) {
        Optional<TableCommitted> commit = TableCommitted.ofFile(path);
        if (commit.isEmpty()) {
            told.accept(path + " is no commit of a table, so it wakes nothing.");
            return;
        }
        committed(commit.get(), told);
    }

    private void committed(TableCommitted commit, Consumer<String> told) {
        Failures failures = new Failures();
        failures.attempt(() -> wakes.wake(commit, (flow, outcome) -> told.accept(FlowWords.of(flow, outcome))));
        deployed.find().ifPresent(plan -> {
            sinks.publish(plan, commit.table(), failures, told);
            if (!knows(plan, commit.table())) {
                told.accept("Version " + commit.version() + " of " + commit.table()
                        + " wakes nothing: the plan has no such table.");
            }
        });
        failures.throwIfAny();
    }

    private static boolean knows(Plan plan, TableName table) {
        return Stream.of(
                        plan.sources().stream()
                                .flatMap(source -> source.tables().stream().map(read -> read.target())),
                        plan.drops().stream().map(drop -> drop.target()),
                        plan.flows().stream()
                                .flatMap(flow -> Stream.concat(
                                        Stream.of(flow.target()),
                                        flow.inputs().stream().map(input -> input.table()))),
                        plan.postgresSinks().stream()
                                .flatMap(sink -> sink.tables().stream().map(sent -> sent.from())))
                .flatMap(tables -> tables)
                .anyMatch(table::equals);
    }

    /**
     * Does what no event announced: runs every flow whose sources have what its target has not seen, sends what sinks do not
     * hold, and folds the records of updates into the history.
     *
     * @param told hears sentences on what was done
     * @throws TarnException as {@link #arrived}
     */
    public void sweep(Consumer<String> told) {
        Plan plan = plan();
        Failures failures = new Failures();
        failures.attempt(() -> wakes.sweep(plan, (flow, outcome) -> {
            if (!(outcome instanceof UpdateOutcome.NothingNew)) {
                told.accept(FlowWords.of(flow, outcome));
            }
        }));
        sinks.publishAll(plan, failures, told);
        failures.attempt(() -> new EventLog(lake).fold());
        failures.throwIfAny();
    }

    /** The plan. Throws {@link TarnException} (PROJECT_NOT_FOUND) when none was deployed. */
    public Plan plan() {
        return deployed.find()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.PROJECT_NOT_FOUND,
                        "The lake has no plan, so there is nothing to run.",
                        "Deploy the project to this lake."));
    }

    /** The lake it runs on. */
    public Lake lake() {
        return lake;
    }
}
