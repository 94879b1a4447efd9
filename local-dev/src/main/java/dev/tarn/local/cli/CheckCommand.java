package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.flow.PlanChanges;
import dev.tarn.engine.lake.Lake;
import dev.tarn.local.check.ProjectTests;
import dev.tarn.local.check.TestResult;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.project.SecretReferences;
import dev.tarn.local.project.Secrets;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarn check}: everything that is wrong with a project, without connecting to anything or changing anything. */
@Command(
        name = "check",
        description = "Compile the project and name what is wrong. Connects to nothing, changes nothing.")
final class CheckCommand implements Callable<Integer> {

    private final RootCommand options;
    private final Surroundings surroundings;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Option(names = "--tests", description = "Also run the tests of tests/, each on a lake that is gone afterwards.")
    private boolean tests;

    private List<TestResult> results = List.of();

    CheckCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Path project = options.project()
                .map(folder -> ProjectFolder.require(surroundings.resolve(folder)))
                .orElseGet(() -> ProjectFolder.requireNearest(surroundings.workingFolder()));
        Console console = new Console(surroundings, options.format());
        List<Problem> problems = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        Checked checked = compile(project, problems, warnings);
        if (!problems.isEmpty()) {
            console.problems(problems);
            if (!console.isJson()) {
                console.errorLine(counted(problems.size(), "error") + ", nothing changed.");
            }
            return problems.get(0).code().exitCode();
        }
        report(console, requireNonNull(checked), warnings);
        return results.stream().allMatch(TestResult::passed) ? 0 : ErrorCode.Exit.DIFFERENCES;
    }

    /** @param changes what the plan means for the lake; null when there is none */
    private record Checked(Plan plan, @Nullable ChangeReport changes) {}

    /** The plan, or null when there are problems; a missing secret is named together with those of the files. */
    private @Nullable Checked compile(Path project, List<Problem> problems, List<Problem> warnings) {
        Checked plan = null;
        try {
            String target = CompiledProject.target(project, options.target()).name();
            plan = compile(project, target, problems, warnings);
            problems.addAll(SecretReferences.missing(project, Secrets.of(surroundings.environment(), project), target));
        } catch (TarnException refusal) {
            problems.addAll(refusal.problems());
        }
        return plan;
    }

    private @Nullable Checked compile(Path project, String target, List<Problem> problems, List<Problem> warnings) {
        Place place = Place.find(options, surroundings, lakeOptions);
        try (LakeOfPlace existing = LakeOfPlace.find(place, surroundings).orElse(null)) {
            Lake lake = existing == null ? null : existing.lake();
            Plan plan = CompiledProject.compile(project, target, lake, warnings::add);
            if (tests) {
                results = ProjectTests.run(project, plan, CompiledProject.bronze(plan, lake), surroundings.clock());
            }
            return new Checked(plan, lake == null ? null : new ChangeReport(PlanChanges.of(lake, plan)));
        } catch (TarnException refusal) {
            problems.addAll(refusal.problems());
            return null;
        }
    }

    private void report(Console console, Checked checked, List<Problem> warnings) {
        Plan plan = checked.plan();
        ChangeReport changes = checked.changes();
        if (console.isJson()) {
            ObjectNode answer = asJson(plan);
            answer.set("warnings", Console.asJson(warnings).path("problems"));
            if (changes != null) {
                changes.addTo(answer);
            }
            addTests(answer);
            console.json(answer);
            return;
        }
        warnings.forEach(warning -> console.errorLine("Warning: " + warning));
        TextTable table = new TextTable("flow", "kind", "reads");
        plan.flows().forEach(flow -> table.add(flow.target().toString(), kind(flow), inputs(flow)));
        table.lines().forEach(console::line);
        if (changes != null) {
            changes.lines().forEach(console::line);
            changes.refusals().forEach(refusal -> console.errorLine("At the next update: " + refusal));
        }
        console.line(counted(plan.flows().size(), "flow") + ", "
                + counted(sources(plan), "source") + ", "
                + counted(plan.postgresSinks().size(), "sink") + ". No errors"
                + (warnings.isEmpty() ? "." : ", " + counted(warnings.size(), "warning") + "."));
        reportTests(console);
    }

    private static int sources(Plan plan) {
        return plan.sources().size()
                + plan.webhooks().size()
                + (int) plan.drops().stream().map(FileDrop::source).distinct().count();
    }

    private void reportTests(Console console) {
        for (TestResult result : results) {
            console.line(result.test() + "  " + (result.passed() ? "passed" : "FAILED"));
            result.differences().forEach(difference -> console.line("    " + difference));
        }
        long failed = results.stream().filter(result -> !result.passed()).count();
        if (tests) {
            console.line(
                    failed == 0
                            ? counted(results.size(), "test") + " passed."
                            : failed + " of " + counted(results.size(), "test") + " failed.");
        }
    }

    private void addTests(ObjectNode answer) {
        if (tests) {
            ArrayNode all = answer.putArray("tests");
            for (TestResult result : results) {
                ArrayNode differences = all.addObject()
                        .put("test", result.test())
                        .put("passed", result.passed())
                        .putArray("differences");
                result.differences().forEach(differences::add);
            }
        }
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String kind(Flow flow) {
        return flow.dataset().kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String inputs(Flow flow) {
        return flow.inputs().stream()
                .map(input -> input.streaming()
                        ? "STREAM " + input.table()
                        : input.table().toString())
                .collect(Collectors.joining(", "));
    }

    private static ObjectNode asJson(Plan plan) {
        ObjectNode answer = Console.object().put("project", plan.project()).put("plan", plan.hash());
        ArrayNode flows = answer.putArray("flows");
        for (Flow flow : plan.flows()) {
            ArrayNode inputs = flows.addObject()
                    .put("table", flow.target().toString())
                    .put("kind", kind(flow))
                    .putArray("reads");
            flow.inputs().forEach(input -> inputs.add(input.table().toString()));
        }
        answer.putArray("problems");
        return answer;
    }
}
