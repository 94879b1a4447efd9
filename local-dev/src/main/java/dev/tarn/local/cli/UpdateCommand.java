package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.flow.PlanChanges;
import dev.tarn.engine.flow.Refresh;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.FlowRun;
import dev.tarn.local.run.Selection;
import dev.tarn.local.run.Stop;
import dev.tarn.local.run.UpListener;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn update}: runs flows now, or says what that would mean. */
@Command(
        name = "update",
        description = "Run flows of the project now, on the lake as it is. Sources and sinks are left alone.")
final class UpdateCommand implements Callable<Integer> {

    private final RootCommand options;
    private final Surroundings surroundings;
    private final Stop stop;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "SELECT",
            description = "A table, gold.x; +gold.x with all it is made of, gold.x+ with all made of it. Default: all.")
    private List<String> selected = new ArrayList<>();

    @Option(names = "--select", paramLabel = "SELECT", description = "The same as an option.")
    private List<String> alsoSelected = new ArrayList<>();

    @Option(names = "--full-refresh", description = "Make the tables anew from all rows that their sources have.")
    private boolean fullRefresh;

    @Option(names = "--dry-run", description = "Say what would happen; exit code 3 when something would.")
    private boolean dryRun;

    @Option(names = "--flow", paramLabel = "NAME", description = "With --replay: the back-fill.")
    private @Nullable String flowName;

    @Option(names = "--replay", description = "Run a back-fill (INSERT ONCE) once more.")
    private boolean replay;

    @Option(
            names = "--drop-removed",
            description = "List tables that no flow fills any longer; with --yes delete them.")
    private boolean dropRemoved;

    @Option(names = "--yes", description = "Delete what --drop-removed lists.")
    private boolean yes;

    UpdateCommand(RootCommand options, Surroundings surroundings, Stop stop) {
        this.options = options;
        this.surroundings = surroundings;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        selected.addAll(alsoSelected);
        checkOptions();
        Place place = Place.find(options, surroundings, lakeOptions);
        Path project = place.sample() && !Files.isDirectory(place.project())
                ? ProjectFolder.requireNearest(surroundings.workingFolder())
                : place.project();
        String target = CompiledProject.target(project, options.target()).name();
        try (LakeOfPlace lake = LakeOfPlace.open(place, surroundings)) {
            Plan plan = place.elsewhere() == null
                    ? CompiledProject.compile(project, target, lake.lake())
                    : deployed(place.elsewhere(), project, lake);
            if (dropRemoved) {
                return drop(place, lake, plan);
            }
            List<Flow> flows = flowName == null ? Selection.of(plan, selected) : List.of(backFill(plan, flowName));
            if (fullRefresh) {
                Refresh.check(plan, flows);
            }
            return dryRun ? tell(lake, plan, flows) : run(place, lake, plan, flows);
        }
    }

    /** A lake that apps run is updated as they do it; only a deployment changes what that is. */
    private Plan deployed(Elsewhere elsewhere, Path project, LakeOfPlace lake) {
        Plan plan = lake.plan();
        if (!new ProjectOfPlan(project, elsewhere.target()).is(plan, lake.lake())) {
            new Console(surroundings, options.format())
                    .errorLine("What runs is the plan on the lake, and the project is not the same: tarn deploy"
                            + elsewhere.option() + " puts it there.");
        }
        return plan;
    }

    private void checkOptions() {
        if (replay != (flowName != null)) {
            throw usage("--replay runs one back-fill once more, and --flow names it: neither is of use alone.");
        }
        if (replay && (fullRefresh || !selected.isEmpty())) {
            throw usage("--replay runs the flow that --flow names, and nothing else can be chosen beside it.");
        }
        if (dropRemoved && (replay || fullRefresh || !selected.isEmpty())) {
            throw usage("--drop-removed runs no flows, so none can be chosen.");
        }
        if (yes && !dropRemoved) {
            throw usage("--yes is the answer to what --drop-removed would delete; nothing else is asked.");
        }
        if (yes && dryRun) {
            throw usage("--dry-run deletes nothing, and --yes wants it deleted.");
        }
    }

    private static TarnException usage(String what) {
        return new TarnException(ErrorCode.USAGE, what, "See tarn update --help.");
    }

    private static Flow backFill(Plan plan, String name) {
        Flow flow = plan.flows().stream()
                .filter(found -> found.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.USAGE,
                        "The project has no flow " + name + ".",
                        Nearest.sentence(
                                name,
                                plan.flows().stream().map(Flow::id).toList(),
                                "Back-fills are the flows with INSERT ONCE INTO.")));
        if (!flow.effect().once()) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "The flow " + name + " is no back-fill: it follows its sources by itself.",
                    "Make its table anew with tarn update " + flow.target() + " --full-refresh.");
        }
        return flow;
    }

    private int tell(LakeOfPlace lake, Plan plan, List<Flow> flows) {
        Console console = new Console(surroundings, options.format());
        UpdateWords words = new UpdateWords(console);
        if (fullRefresh || replay) {
            words.again(plan, flows, fullRefresh);
            return ErrorCode.Exit.DIFFERENCES;
        }
        ChangeReport report = new ChangeReport(PlanChanges.of(lake.lake(), plan)).of(flows);
        words.changes(plan, report);
        return report.isChange() ? ErrorCode.Exit.DIFFERENCES : 0;
    }

    private int run(Place place, LakeOfPlace lake, Plan plan, List<Flow> flows) {
        Console console = new Console(surroundings, options.format());
        FlowRun.Mode mode = FlowRun.Mode.UPDATE;
        if (fullRefresh || replay) {
            mode = fullRefresh ? FlowRun.Mode.REFRESH : FlowRun.Mode.REPLAY;
        }
        try (Progress progress = new Progress(surroundings)) {
            FlowRun run = new FlowRun(lake.lake(), place.root(), report(place, console, progress));
            FlowRun.Ended ended = place.elsewhere() == null
                    ? run.run(plan, flows, mode, stop)
                    : run.runDeployed(plan, flows, mode, stop);
            progress.print(() -> new UpdateWords(console).ended(ended));
            if (fullRefresh) {
                progress.print(
                        () -> UpdateWords.behind(plan, flows, ended.updated()).forEach(console::errorLine));
            }
            return ended.failed().isEmpty() && !stop.isRequested() ? 0 : ErrorCode.Exit.FAILED;
        }
    }

    private UpListener report(Place place, Console console, Progress progress) {
        return console.isJson()
                ? new JsonReport(console, progress, options.stacktrace())
                : new TableReport(
                        console, progress, surroundings.workingFolder(), place.storage(), true, options.stacktrace());
    }

    private int drop(Place place, LakeOfPlace lake, Plan plan) {
        Console console = new Console(surroundings, options.format());
        ChangeReport report = new ChangeReport(PlanChanges.of(lake.lake(), plan));
        boolean any = !report.removed().isEmpty();
        if (yes && any) {
            try (Progress progress = new Progress(surroundings)) {
                new FlowRun(lake.lake(), place.root(), report(place, console, progress)).drop(report.removed());
            }
        }
        if (console.isJson()) {
            ObjectNode document = Console.object().put("deleted", yes);
            report.addRemovedTo(document);
            console.json(document);
        } else if (any) {
            report.removedLines().forEach(console::line);
            console.line(
                    yes
                            ? "Deleted, with all their versions."
                            : "No flow fills these any longer. Nothing was deleted: add --yes to delete them with all"
                                    + " their versions.");
        } else {
            console.line("Every table that Tarn filled is still filled by a flow.");
        }
        return any && !yes ? ErrorCode.Exit.DIFFERENCES : 0;
    }
}
