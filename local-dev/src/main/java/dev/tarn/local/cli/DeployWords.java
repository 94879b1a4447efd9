package dev.tarn.local.cli;

import static dev.tarn.local.run.AppHealth.shortened;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.plan.Deployment;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import java.net.URI;
import java.util.List;

/** What {@code tarn deploy} says. With JSON each line is a document with {@code event}. */
record DeployWords(Console console, Place place) {

    /** The first deployment, which was not made: there is no lake to compare with. */
    void first(Plan plan) {
        if (console.isJson()) {
            console.json(event("dryRun", plan).putNull("before"));
            return;
        }
        console.line("There is no lake in " + place.lake() + " yet: deploying makes it, and "
                + (plan.flows().size() == 1
                        ? "the flow fills its table"
                        : plan.flows().size() + " flows fill their tables")
                + " for the first time.");
    }

    /** What a deployment would mean. */
    void would(Plan plan, Deployment seen, ChangeReport report) {
        if (console.isJson()) {
            ObjectNode document =
                    event("dryRun", plan).put("before", seen.running().orElse(null));
            report.addTo(document);
            document.set("problems", Console.asJson(report.refusals()).path("problems"));
            console.json(document);
            return;
        }
        report.lines().forEach(console::line);
        console.problems(report.refusals());
        boolean runs = seen.runs(plan.hash());
        if (runs) {
            console.line("The plan " + shortened(plan.hash()) + " runs already.");
        } else {
            console.line("The plan " + shortened(plan.hash()) + " would run" + insteadOf(seen) + "."
                    + (report.isChange() ? "" : " It fills every table as before."));
        }
    }

    private static String insteadOf(Deployment seen) {
        return seen.running().map(before -> " instead of " + shortened(before)).orElse(" as the first");
    }

    /** What has been deployed. */
    void deployed(Plan plan, Deployment seen, ChangeReport report, List<Flow> refused) {
        if (console.isJson()) {
            ObjectNode document =
                    event("deployed", plan).put("before", seen.running().orElse(null));
            report.addTo(document);
            console.json(document);
            return;
        }
        report.lines().forEach(console::line);
        console.line(
                seen.runs(plan.hash())
                        ? "The plan " + shortened(plan.hash()) + " runs already on " + place.lake() + "."
                        : "The plan " + shortened(plan.hash()) + " runs now on " + place.lake() + insteadOf(seen)
                                + ".");
        refused.stream()
                .map(flow -> flow.target().toString())
                .distinct()
                .forEach(table -> console.errorLine(table + " stands still until it is made anew: tarn update " + table
                        + " --full-refresh" + option()));
    }

    /** That no app is known to wait for. */
    void notAwaited(String target) {
        if (!console.isJson()) {
            console.line(
                    "An app takes it within seconds. Nobody waited for one: target " + target + " names none (app:).");
        }
    }

    /** That the app runs the plan, and what keeps it from working. */
    void taken(URI app, List<Problem> problems) {
        if (console.isJson()) {
            ObjectNode document = Console.object().put("event", "taken").put("app", app.toString());
            document.set("problems", Console.asJson(problems).path("problems"));
            console.json(document);
            return;
        }
        console.line("The app at " + app + " runs it" + (problems.isEmpty() ? "." : ", and is not well:"));
        console.problems(problems);
    }

    /** Words to be added to a command about the same lake. */
    String option() {
        Elsewhere elsewhere = place.elsewhere();
        return elsewhere == null ? "" : elsewhere.option();
    }

    private ObjectNode event(String name, Plan plan) {
        return Console.object()
                .put("event", name)
                .put("project", plan.project())
                .put("lake", place.lake())
                .put("plan", plan.hash());
    }
}
