package dev.tarn.local.cli;

import static dev.tarn.local.run.AppHealth.shortened;

import dev.tarn.compiler.ProjectSettings;
import dev.tarn.engine.flow.PipelineChange;
import dev.tarn.engine.flow.PlanChanges;
import dev.tarn.engine.flow.Refresh;
import dev.tarn.engine.plan.Deployment;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.local.run.AppHealth;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.Stop;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarn deploy}: makes the project the plan that runs on the lake of a target. */
@Command(
        name = "deploy",
        description = "Make the project the plan that runs on the lake of the target, and wait until its app runs it."
                + " Runs no flow.")
final class DeployCommand implements Callable<Integer> {

    private final RootCommand options;
    private final Surroundings surroundings;
    private final Stop stop;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Option(names = "--dry-run", description = "Say what it would mean; exit code 3 when something would change.")
    private boolean dryRun;

    @Option(names = "--back", description = "Go back to the plan that ran before, whatever the project is.")
    private boolean back;

    @Option(
            names = "--full-refresh",
            description = "Deploy also what updates refuse until tables are made anew with tarn update --full-refresh.")
    private boolean fullRefresh;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long to wait for the app; default 60s.")
    private RunsCommand.TimeSpan wait = RunsCommand.TimeSpan.of("60s");

    DeployCommand(RootCommand options, Surroundings surroundings, Stop stop) {
        this.options = options;
        this.surroundings = surroundings;
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        Place place = Place.find(options, surroundings, lakeOptions);
        Path project = OpenedSource.project(place, surroundings);
        ProjectSettings.Target target = CompiledProject.target(project, options.target());
        DeployWords words = new DeployWords(new Console(surroundings, options.format()), place);
        Optional<LakeOfPlace> existing = LakeOfPlace.find(place, surroundings);
        if (existing.isEmpty() && dryRun && !back) {
            words.first(CompiledProject.compile(project, target.name(), null));
            return ErrorCode.Exit.DIFFERENCES;
        }
        if (existing.isEmpty() && !back) {
            // Before the lake is founded: a project that is wrong leaves nothing behind.
            CompiledProject.compile(project, target.name(), null);
        }
        try (LakeOfPlace lake = existing.orElseGet(
                () -> back ? LakeOfPlace.open(place, surroundings) : LakeOfPlace.found(place, surroundings))) {
            return deploy(place, project, target, lake, words);
        } catch (IOException e) {
            throw new UncheckedIOException("the plan could not be put into the lake", e);
        }
    }

    private int deploy(Place place, Path project, ProjectSettings.Target target, LakeOfPlace lake, DeployWords words)
            throws IOException, InterruptedException {
        PlanStore plans = new PlanStore(lake.lake().storage());
        Deployment seen = plans.deployment();
        Plan plan = back
                ? plans.plan(seen.before().orElseThrow(() -> nothingBefore(place)))
                : CompiledProject.compile(project, target.name(), lake.lake());
        ChangeReport report = new ChangeReport(PlanChanges.of(lake.lake(), plan));
        boolean isNew = !seen.runs(plan.hash());
        if (dryRun) {
            words.would(plan, seen, report);
            return isNew || report.isChange() ? ErrorCode.Exit.DIFFERENCES : 0;
        }
        List<Flow> refused = refused(report);
        check(plan, report, refused, place);
        if (isNew && !(back ? plans.back(seen) : plans.deploy(plan, seen))) {
            throw new TarnException(
                    ErrorCode.DEPLOY_CONFLICT,
                    "Somebody else deployed to the lake at " + place.lake() + " meanwhile, so nothing was changed.",
                    "See with tarn deploy --dry-run" + words.option() + " what differs now, and deploy again.");
        }
        words.deployed(plan, seen, report, refused);
        return await(target, plan, words);
    }

    private static List<Flow> refused(ChangeReport report) {
        return report.changes().flows().stream()
                .filter(change -> change.kind() == PipelineChange.Kind.REFUSED)
                .map(PipelineChange::flow)
                .toList();
    }

    /** Refuses what would leave tables standing still, and with the option what could not be made anew either. */
    private void check(Plan plan, ChangeReport report, List<Flow> refused, Place place) {
        if (refused.isEmpty()) {
            return;
        }
        if (fullRefresh) {
            Refresh.check(plan, refused);
            return;
        }
        List<Problem> problems = new ArrayList<>();
        problems.add(new Problem(
                ErrorCode.DEPLOY_REFUSED,
                null,
                "Nothing was deployed to " + place.lake() + ": its updates would be refused, see below.",
                "Change the queries back; or deploy with --full-refresh, and then make the tables anew with tarn update"
                        + " --full-refresh."));
        problems.addAll(report.refusals());
        throw new TarnException(problems, null);
    }

    private static TarnException nothingBefore(Place place) {
        return new TarnException(
                ErrorCode.USAGE,
                "The lake at " + place.lake() + " remembers no plan before the one that runs.",
                "Take the project as it was from its history, and deploy that.");
    }

    private int await(ProjectSettings.Target target, Plan plan, DeployWords words) throws InterruptedException {
        URI app = target.app();
        if (app == null) {
            words.notAwaited(target.name());
            return 0;
        }
        AppHealth health = new AppHealth(app);
        AppHealth.@Nullable Answer answer;
        try (Progress progress = new Progress(surroundings)) {
            answer = progress.during("wait for " + app, () -> ask(health, plan));
        }
        if (answer == null) {
            throw new InterruptedException();
        }
        if (!plan.hash().equals(answer.plan())) {
            throw new TarnException(
                    ErrorCode.DEPLOY_NOT_TAKEN,
                    "The plan " + shortened(plan.hash()) + " is deployed, but the app at " + app
                            + " did not take it within " + wait.duration().toSeconds() + " s: it " + answer.said()
                            + ".",
                    "Look at its /health and its log. It takes the plan by itself once it works; tarn deploy --back"
                            + words.option() + " goes back.");
        }
        words.taken(app, answer.problems());
        return answer.problems().isEmpty() ? 0 : ErrorCode.Exit.FAILED;
    }

    private AppHealth.@Nullable Answer ask(AppHealth health, Plan plan) {
        try {
            return health.await(plan.hash(), wait.duration(), stop);
        } catch (InterruptedException e) {
            return null;
        }
    }
}
