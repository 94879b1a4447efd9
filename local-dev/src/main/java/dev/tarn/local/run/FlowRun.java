package dev.tarn.local.run;

import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.flow.FilledTable;
import dev.tarn.engine.flow.Freshness;
import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs flows of a plan a single time, sources before what reads them. No other process of this machine runs the lake
 * meanwhile; elsewhere somebody may, and the flows' own leases keep the two apart.
 */
public final class FlowRun {

    /** How a flow runs. */
    public enum Mode {
        /** Over what is new. */
        UPDATE,
        /** Over all there is, to make its table anew. */
        REFRESH,
        /** Over all there is, once more: a back-fill. */
        REPLAY
    }

    /**
     * What became of the flows.
     *
     * @param updated tables that have a new version
     * @param failed tables whose update failed; they are as they were
     * @param notRun tables that read, directly or not, one whose update failed
     * @param waiting tables that read what does not exist yet
     * @param busy tables that another process is updating
     * @param took since the start
     */
    public record Ended(
            List<String> updated,
            List<String> failed,
            List<String> notRun,
            List<String> waiting,
            List<String> busy,
            Duration took) {
        public Ended {
            updated = List.copyOf(updated);
            failed = List.copyOf(failed);
            notRun = List.copyOf(notRun);
            waiting = List.copyOf(waiting);
            busy = List.copyOf(busy);
        }
    }

    private final Lake lake;
    private final Path root;
    private final UpListener listener;
    private final long began = System.nanoTime();
    private final List<String> updated = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final List<String> notRun = new ArrayList<>();
    private final List<String> waiting = new ArrayList<>();
    private final List<String> busy = new ArrayList<>();
    private final Set<TableName> stale = new HashSet<>();

    /** @param root folder of the lake, or for what this machine notes about it */
    public FlowRun(Lake lake, Path root, UpListener listener) {
        this.lake = lake;
        this.root = root;
        this.listener = listener;
    }

    /**
     * Makes {@code plan} the one that runs on the lake, and runs flows of it. One that fails is told of, keeps those from
     * running that read its table, and no others.
     *
     * @param flows in the plan's order
     * @param stop ends it before the next flow
     * @throws TarnException LAKE_IN_USE when another process runs the lake
     */
    public Ended run(Plan plan, List<Flow> flows, Mode mode, Stop stop) {
        return run(plan, flows, mode, stop, true);
    }

    /** As {@link #run}, of a plan that was deployed: the lake keeps the one it has. */
    public Ended runDeployed(Plan plan, List<Flow> flows, Mode mode, Stop stop) {
        return run(plan, flows, mode, stop, false);
    }

    private Ended run(Plan plan, List<Flow> flows, Mode mode, Stop stop, boolean deploys) {
        RootLock lock = RootLock.take(root);
        try {
            if (deploys) {
                new PlanStore(lake.storage()).deploy(plan);
            }
            Updates updates = new Updates(lake, plan.timezone());
            for (Flow flow : flows) {
                if (!stop.isRequested()) {
                    run(flow, updates, mode);
                }
            }
            new Freshness(lake).update(plan, updates::progress);
            new EventLog(lake).fold();
            return new Ended(updated, failed, notRun, waiting, busy, Duration.ofNanos(System.nanoTime() - began));
        } catch (IOException e) {
            throw new UncheckedIOException("the plan could not be put into the lake", e);
        } finally {
            lock.close();
        }
    }

    private void run(Flow flow, Updates updates, Mode mode) {
        String name = flow.target().toString();
        if (flow.inputs().stream().anyMatch(input -> stale.contains(input.table()))) {
            stale.add(flow.target());
            notRun.add(name);
            return;
        }
        Stage stage = Stage.filling(flow.target().layer());
        try {
            ended(flow, listener.during(stage + " " + name, () -> update(flow, updates, mode)));
        } catch (TarnException refusal) {
            stale.add(flow.target());
            failed.add(name);
            listener.step(new Step.Failed(stage, name, refusal.problems()));
        } catch (RuntimeException mistake) {
            stale.add(flow.target());
            failed.add(name);
            listener.mistake(name, mistake);
        }
    }

    private static UpdateOutcome update(Flow flow, Updates updates, Mode mode) {
        updates.tryAgain(flow);
        return switch (mode) {
            case UPDATE -> updates.run(flow);
            case REFRESH -> updates.refresh(flow);
            case REPLAY -> updates.replay(flow);
        };
    }

    private void ended(Flow flow, UpdateOutcome outcome) {
        String name = flow.target().toString();
        if (outcome instanceof UpdateOutcome.Completed completed) {
            updated.add(name);
            listener.step(new Step.Updated(
                    Stage.filling(flow.target().layer()), flow.target(), completed.version(), completed.stats()));
        } else if (outcome instanceof UpdateOutcome.Waiting) {
            waiting.add(name);
        } else if (outcome instanceof UpdateOutcome.Busy) {
            busy.add(name);
        }
    }

    /**
     * Deletes tables with all their versions and what is kept beside them.
     *
     * @throws TarnException LAKE_IN_USE when another process runs the lake
     */
    public void drop(List<TableName> tables) {
        RootLock lock = RootLock.take(root);
        try {
            for (TableName table : tables) {
                FilledTable.drop(lake, table);
                removeEmpty(root.resolve("tarn/cdc/" + table));
                removeEmpty(root.resolve(table.path() + TableName.QUARANTINE));
                removeEmpty(root.resolve(table.path()));
            }
        } catch (IOException e) {
            throw OpenLake.notWritable(root, e);
        } finally {
            lock.close();
        }
    }

    /** A storage has no folders without files, but this machine has. */
    private static void removeEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> folders;
        try (Stream<Path> below = Files.walk(folder)) {
            folders = below.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path empty : folders) {
            try {
                Files.delete(empty);
            } catch (DirectoryNotEmptyException somebodysFile) {
                return;
            }
        }
    }
}
