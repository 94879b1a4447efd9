package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.status.Durations;
import dev.tarn.local.run.FlowRun;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What {@code tarn update} says besides the rows of its table. */
record UpdateWords(Console console) {

    /** What a change of the project means. */
    void changes(Plan plan, ChangeReport report) {
        if (console.isJson()) {
            ObjectNode document = Console.object().put("project", plan.project());
            report.addTo(document);
            document.set("problems", Console.asJson(report.refusals()).path("problems"));
            console.json(document);
            return;
        }
        report.lines().forEach(console::line);
        console.problems(report.refusals());
        if (!report.isChange()) {
            console.line("Every flow is as it was when it ran last.");
        }
    }

    /** What running flows over all rows means. */
    void again(Plan plan, List<Flow> flows, boolean anew) {
        String change = anew ? "full refresh" : "replay";
        String means = anew
                ? "It is made anew from all rows that its sources have, in one commit."
                : "Rows of all that its sources have are added once more; those of the first time stay.";
        if (console.isJson()) {
            ObjectNode document = Console.object().put("project", plan.project());
            ArrayNode changes = document.putArray("changes");
            flows.forEach(flow -> changes.addObject()
                    .put("flow", flow.id())
                    .put("table", flow.target().toString())
                    .put("change", anew ? "FULL_REFRESH" : "REPLAY")
                    .put("says", means));
            console.json(document);
            return;
        }
        TextTable table = new TextTable("table", "change", "what happens");
        flows.forEach(flow -> table.add(flow.target().toString(), change, means));
        table.lines().forEach(console::line);
        behind(plan, flows, flows.stream().map(flow -> flow.target().toString()).toList())
                .forEach(console::errorLine);
    }

    /** How the flows ended. */
    void ended(FlowRun.Ended ended) {
        if (console.isJson()) {
            ObjectNode document = Console.object().put("event", "ended");
            addAll(document, "updated", ended.updated());
            addAll(document, "failed", ended.failed());
            addAll(document, "notRun", ended.notRun());
            addAll(document, "waiting", ended.waiting());
            addAll(document, "busy", ended.busy());
            console.json(document.put("seconds", ended.took().toMillis() / 1e3));
            return;
        }
        if (ended.updated().isEmpty() && ended.failed().isEmpty()) {
            console.line("Nothing new: every table shows what its inputs hold.");
        } else {
            console.line("");
        }
        ended.notRun().forEach(name -> console.line(name + " was not run, because of what it reads."));
        ended.waiting().forEach(name -> console.line(name + " waits for what it reads."));
        ended.busy().forEach(name -> console.line(name + " is being updated by another process."));
        String tables = ended.updated().size() + (ended.updated().size() == 1 ? " table" : " tables");
        console.line(tables + " updated in " + Durations.seconds(ended.took())
                + (ended.failed().isEmpty() ? "." : ", FAILED: " + String.join(", ", ended.failed()) + "."));
    }

    private static void addAll(ObjectNode document, String field, List<String> names) {
        names.forEach(document.putArray(field)::add);
    }

    /** A sentence for each streaming table that reads a table made anew, and is not made anew itself. */
    static List<String> behind(Plan plan, List<Flow> flows, Collection<String> anew) {
        List<String> sentences = new ArrayList<>();
        for (Flow flow : plan.flows()) {
            if (flows.contains(flow)) {
                continue;
            }
            for (Flow.Input input : flow.inputs()) {
                TableName table = input.table();
                if (input.streaming() && anew.contains(table.toString())) {
                    sentences.add(flow.target() + " reads only what is new in " + table
                            + ", which is made anew: make it anew, too, with tarn update " + table
                            + "+ --full-refresh.");
                }
            }
        }
        return sentences;
    }
}
