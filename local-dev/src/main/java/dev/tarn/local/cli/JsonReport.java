package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.local.run.Step;
import dev.tarn.local.run.UpListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What {@code tarn up} tells programs: one JSON document a line, each with an {@code event}. */
final class JsonReport implements UpListener {

    private final Console console;
    private final Progress progress;
    private final boolean stacktrace;

    JsonReport(Console console, Progress progress, boolean stacktrace) {
        this.console = console;
        this.progress = progress;
        this.stacktrace = stacktrace;
    }

    @Override
    public <T> T during(String what, Supplier<T> work) {
        return progress.during(what, work);
    }

    @Override
    public void opened(Overview overview) {
        ObjectNode document =
                event("opened").put("project", overview.project().toString()).put("lake", overview.lake());
        addAll(document.putArray("sources"), overview.sources());
        addAll(document.putArray("endpoints"), overview.endpoints());
        ArrayNode sinks = document.putArray("sinks");
        overview.sinks()
                .forEach(sink -> sinks.addObject().put("name", sink.name()).put("address", sink.address()));
        overview.page().ifPresent(uri -> document.put("page", uri.toString()));
        print(document);
    }

    @Override
    public void step(Step step) {
        ObjectNode document =
                event("step").put("stage", step.stage().toString()).put("table", step.name());
        if (step instanceof Step.Extracted extracted) {
            document.put("rowsIn", extracted.rows()).put("kept", extracted.rows());
            took(document, extracted.took());
        } else if (step instanceof Step.Updated updated) {
            addUpdate(document, updated);
        } else if (step instanceof Step.Published published) {
            document.put("rowsIn", published.rows())
                    .put("inserted", published.inserted())
                    .put("updated", published.updated())
                    .put("deleted", published.deleted());
            took(document, published.took());
        } else if (step instanceof Step.Failed failed) {
            document.setAll(Console.asJson(failed.problems()));
        } else if (step instanceof Step.Remarked remarked) {
            document.put("remark", remarked.remark());
        }
        print(document);
    }

    private static void addUpdate(ObjectNode document, Step.Updated step) {
        document.put("version", step.version())
                .put("rowsIn", step.stats().rowsRead())
                .put("kept", step.stats().rowsWritten())
                .put("dropped", step.stats().rowsDropped())
                .put("bytesFetched", step.stats().bytesFetched());
        ArrayNode rules = document.putArray("expectations");
        for (ExpectationCount rule : step.stats().expectations()) {
            rules.addObject()
                    .put("name", rule.name())
                    .put("onViolation", rule.onViolation().name())
                    .put("failed", rule.failed());
        }
        took(document, step.stats().took());
    }

    @Override
    public void settled(Settlement settlement) {
        ObjectNode document = event("settled");
        addAll(document.putArray("failed"), settlement.failed());
        addAll(document.putArray("waiting"), settlement.waiting());
        settlement.control().ifPresent(said -> document.put("control", said));
        took(document, settlement.took());
        print(document);
    }

    @Override
    public void mistake(String name, RuntimeException mistake) {
        progress.print(() -> console.mistake(name, mistake, stacktrace));
    }

    private void print(ObjectNode document) {
        progress.print(() -> console.json(document));
    }

    private static ObjectNode event(String name) {
        return Console.object().put("event", name);
    }

    private static void took(ObjectNode document, Duration took) {
        document.put("seconds", took.toMillis() / 1e3);
    }

    private static void addAll(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
