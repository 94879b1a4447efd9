package dev.tarn.connect.trigger;

import dev.tarn.connect.alarm.Alarms;
import dev.tarn.connect.event.Announcements;
import dev.tarn.connect.event.Canary;
import dev.tarn.connect.inbox.InboxPath;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.flow.Freshness;
import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Wakes;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.DeployedPlan;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
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
    private final Inboxes inboxes;
    private final Alarms alarms;
    private final Freshness freshness;
    private final Announcements announcements = new Announcements();

    public RunningPlan(Lake lake, EnvironmentSecrets secrets) {
        this.lake = lake;
        this.deployed = new DeployedPlan(lake);
        this.wakes = new Wakes(lake, Pause.real(), deployed);
        this.sinks = new Sinks(lake, secrets);
        this.inboxes = new Inboxes(lake);
        this.freshness = new Freshness(lake);
        this.alarms = new Alarms(lake, notify -> secrets.require(notify.secret(), notify.position()));
    }

    /**
     * A file came into the lake. When it is the commit of a table, every flow that reads the table runs, and every sink that
     * takes it gets it, whatever the table's layer. Nobody looks into the file: flows go to what the table is by now. When it
     * lies in an inbox, that inbox is brought into its table.
     *
     * @param path of the file in the lake
     * @param enough once it says so, flows that have not begun are left
     * @param told hears sentences on what was done
     * @return the flows that were left
     * @throws TarnException PROJECT_NOT_FOUND when no plan is deployed, and the problems of everything that failed, when the
     *     rest has been done; the event is to be delivered again, which does what was left as well
     */
    public List<Unit> arrived(String path, BooleanSupplier enough, Consumer<String> told) {
        if (Canary.isAt(path)) {
            passOn(path);
            return List.of();
        }
        Optional<String> endpoint = InboxPath.endpoint(path);
        if (endpoint.isPresent()) {
            Failures failures = new Failures();
            inboxes.drain(plan(), endpoint.get(), failures, told);
            failures.throwIfAny();
            return List.of();
        }
        Optional<TableCommitted> commit = TableCommitted.ofFile(path);
        if (commit.isEmpty()) {
            told.accept(path + " is no commit of a table, so it wakes nothing.");
            return List.of();
        }
        return committed(commit.get(), enough, told);
    }

    private void passOn(String canary) {
        try {
            new Canary(lake).heard(canary);
        } catch (IOException e) {
            throw new UncheckedIOException(canary, e);
        }
    }

    private List<Unit> committed(TableCommitted commit, BooleanSupplier enough, Consumer<String> told) {
        announcements.heard(commit);
        Failures failures = new Failures();
        AtomicBoolean gold = new AtomicBoolean();
        List<Unit> left = new ArrayList<>();
        failures.attempt(() -> left.addAll(units(wakes.wake(commit, enough, (flow, outcome) -> {
            told.accept(FlowWords.of(flow, outcome));
            gold.compareAndSet(false, makesGold(flow, outcome));
        }))));
        if (gold.get()) {
            failures.attempt(() -> deployed.find().ifPresent(this::refresh));
        }
        deployed.find().ifPresent(plan -> {
            sinks.publish(plan, commit.table(), failures, told);
            if (!knows(plan, commit.table())) {
                told.accept("Version " + commit.version() + " of " + commit.table()
                        + " wakes nothing: the plan has no such table.");
            }
        });
        throwIfAny(failures, told);
        return left;
    }

    /**
     * Brings the target of one flow up to date, which an invocation had no time for.
     *
     * @param id of a flow that the plan has
     * @throws TarnException as the update
     */
    void update(String id, Consumer<String> told) {
        Plan plan = plan();
        Failures failures = new Failures();
        plan.flows().stream()
                .filter(flow -> flow.id().equals(id))
                .forEach(flow -> failures.attempt(() -> {
                    UpdateOutcome outcome = wakes.run(plan, flow);
                    told.accept(FlowWords.of(flow, outcome));
                    if (makesGold(flow, outcome)) {
                        refresh(plan);
                    }
                }));
        throwIfAny(failures, told);
    }

    /** What went well is told of by the sweep: this is on the way of every row. */
    private void throwIfAny(Failures failures, Consumer<String> told) {
        if (failures.any()) {
            deployed.find().ifPresent(plan -> alarms.check(plan, null, told));
        }
        failures.throwIfAny();
    }

    private static List<Unit> units(List<Flow> left) {
        return left.stream().map(flow -> new Unit(Unit.Kind.UPDATE, flow.id())).toList();
    }

    private static boolean makesGold(Flow flow, UpdateOutcome outcome) {
        return flow.target().layer() == Layer.GOLD && outcome instanceof UpdateOutcome.Completed;
    }

    private void refresh(Plan plan) {
        freshness.update(plan, flow -> wakes.progress(plan, flow));
    }

    private static boolean knows(Plan plan, TableName table) {
        return table.equals(Freshness.TABLE) || isInPlan(plan, table);
    }

    private static boolean isInPlan(Plan plan, TableName table) {
        return Stream.of(
                        plan.sources().stream()
                                .flatMap(source -> source.tables().stream().map(read -> read.target())),
                        plan.webhooks().stream()
                                .flatMap(source -> source.endpoints().stream().flatMap(sent -> sent.tables().stream())),
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
     * Does what no event announced: brings in what lies in inboxes, runs every flow whose sources have what its target has not
     * seen, sends what sinks do not hold, folds the records of updates into the history, and tells people what is wrong.
     *
     * @param enough as for {@link #arrived}
     * @param told hears sentences on what was done
     * @return the flows that were left
     * @throws TarnException as {@link #arrived}
     */
    public List<Unit> sweep(BooleanSupplier enough, Consumer<String> told) {
        Plan plan = plan();
        Failures failures = new Failures();
        List<Unit> left = new ArrayList<>();
        inboxes.drainAll(plan, failures, told);
        Set<TableName> brought = new HashSet<>();
        AtomicInteger unannounced = new AtomicInteger();
        failures.attempt(() -> left.addAll(units(wakes.sweep(plan, enough, (flow, outcome) -> {
            if (!(outcome instanceof UpdateOutcome.NothingNew)) {
                told.accept(FlowWords.of(flow, outcome));
            }
            // What the sweep itself brought to an input could not be announced before.
            if (outcome instanceof UpdateOutcome.Completed
                    && brought.add(flow.target())
                    && flow.inputs().stream().noneMatch(input -> brought.contains(input.table()))) {
                unannounced.incrementAndGet();
            }
        }))));
        announcements.sinceLast(unannounced.get()).ifPresent(told);
        sinks.publishAll(plan, failures, told);
        failures.attempt(() -> refresh(plan));
        failures.attempt(() -> new EventLog(lake).fold());
        failures.attempt(() -> inboxes.clean(plan));
        alarms.check(plan, flow -> wakes.progress(plan, flow), told);
        failures.throwIfAny();
        return left;
    }

    /**
     * Sees to the canary: to be called now and then where events announce the lake's files.
     *
     * @param told hears sentences
     */
    public void lookForCanary(Consumer<String> told) {
        try {
            new Canary(lake).look(told);
        } catch (IOException e) {
            throw new UncheckedIOException("the canary", e);
        }
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
