package dev.tarn.local.cli;

import dev.tarn.connect.status.Durations;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.local.run.LakeStorage;
import dev.tarn.local.run.Step;
import dev.tarn.local.run.UpListener;
import dev.tarn.model.Expectation.OnViolation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What {@code tarn up} shows to people: a table that grows row by row. */
final class TableReport implements UpListener {

    private static final int NAME_WIDTH = 30;
    private static final String ROW = " %-10s %-" + NAME_WIDTH + "s %9s %9s   %-24s %8s";
    private static final String DETAIL = " ".repeat(10 + NAME_WIDTH + 2 + 9 + 9 + 5) + "%s";

    private final Console console;
    private final Progress progress;
    private final Path workingFolder;
    private final LakeStorage.Kind storage;
    private final boolean once;
    private final boolean stacktrace;
    private boolean header;
    private long fetched;
    private String page = "";

    TableReport(
            Console console,
            Progress progress,
            Path workingFolder,
            LakeStorage.Kind storage,
            boolean once,
            boolean stacktrace) {
        this.console = console;
        this.progress = progress;
        this.workingFolder = workingFolder;
        this.storage = storage;
        this.once = once;
        this.stacktrace = stacktrace;
    }

    @Override
    public <T> T during(String what, Supplier<T> work) {
        return progress.during(what, work);
    }

    @Override
    public void opened(Overview overview) {
        page = overview.page().map(uri -> uri + "   ").orElse("");
        progress.print(() -> {
            overview.sources().forEach(source -> console.line("Odoo    " + source));
            overview.endpoints().forEach(endpoint -> console.line("Events  " + endpoint));
            String sinks = overview.sinks().stream()
                    .map(sink -> "            " + capitalised(sink.name()) + "  postgresql://" + sink.address())
                    .collect(Collectors.joining());
            console.line("Lake    " + lake(overview) + sinks);
            console.line("Project " + shortened(overview.project()));
            console.line("");
        });
    }

    @Override
    public void step(Step step) {
        progress.print(() -> {
            if (!header) {
                header = true;
                console.line(row("stage", "table", "rows in", "kept", "dropped", "took"));
            }
            if (step instanceof Step.Extracted extracted) {
                String rows = number(extracted.rows());
                console.line(row(step.stage(), step.name(), rows, rows, "", seconds(extracted.took())));
            } else if (step instanceof Step.Updated updated) {
                updated(updated);
            } else if (step instanceof Step.Published published) {
                published(published);
            } else if (step instanceof Step.Remarked remarked) {
                console.line(DETAIL.formatted("(" + remarked.name() + ": " + remarked.remark() + ")"));
            } else if (step instanceof Step.Failed failed) {
                console.line(row(step.stage(), step.name(), "", "", "FAILED", ""));
                failed.problems().forEach(problem -> console.errorLine(problem.toString()));
            }
        });
    }

    private void updated(Step.Updated step) {
        fetched += step.stats().bytesFetched();
        List<String> dropped = counts(step.stats().expectations(), OnViolation.DROP_ROW);
        console.line(row(
                step.stage(),
                step.name(),
                number(step.stats().rowsRead()),
                number(step.stats().rowsWritten()),
                dropped.isEmpty() ? "" : dropped.get(0),
                seconds(step.stats().took())));
        dropped.stream().skip(1).forEach(more -> console.line(DETAIL.formatted(more)));
        counts(step.stats().expectations(), OnViolation.WARN)
                .forEach(warned -> console.line(DETAIL.formatted("(warned: " + warned + ")")));
    }

    private void published(Step.Published step) {
        String rows = number(step.rows());
        console.line(row(
                step.stage(),
                step.name(),
                rows,
                rows,
                "+ " + number(step.inserted()) + " ~ " + number(step.updated()) + " - " + number(step.deleted()),
                seconds(step.took())));
    }

    @Override
    public void settled(Settlement settlement) {
        progress.print(() -> {
            console.line("");
            if (!header) {
                console.line("Nothing new: every table shows what its inputs hold.");
            }
            settlement.waiting().forEach(name -> console.line(name + " waits for what it reads."));
            console.line(summary(settlement)
                    + settlement.control().map(said -> " " + said).orElse(""));
            String option = storage == LakeStorage.Kind.AZURITE ? " --storage azurite" : "";
            console.line("Look:  " + page + "tarn status" + option + "   tarn runs" + option);
            if (!once) {
                console.line("Staying up; changes in Odoo arrive by themselves. Ctrl-C ends it.");
            }
        });
    }

    private String summary(Settlement settlement) {
        String took =
                Durations.seconds(settlement.took()) + (fetched == 0 ? "" : ", " + Size.text(fetched) + " fetched");
        fetched = 0;
        return settlement.failed().isEmpty()
                ? "All settled in " + took + "."
                : "Settled in " + took + ", FAILED: " + String.join(", ", settlement.failed()) + ".";
    }

    @Override
    public void mistake(String name, RuntimeException mistake) {
        progress.print(() -> console.mistake(name, mistake, stacktrace));
    }

    private static String row(Object stage, String name, String in, String kept, String dropped, String took) {
        return String.format(Locale.ROOT, ROW, stage, shortName(name), in, kept, dropped, took)
                .stripTrailing();
    }

    private static String shortName(String name) {
        return name.length() <= NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 3) + "...";
    }

    private static List<String> counts(List<ExpectationCount> expectations, OnViolation onViolation) {
        return expectations.stream()
                .filter(rule -> rule.onViolation() == onViolation && rule.failed() > 0)
                .map(rule -> number(rule.failed()) + " " + rule.name())
                .toList();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    private static String seconds(Duration took) {
        return Durations.seconds(took);
    }

    private String lake(Overview overview) {
        return storage == LakeStorage.Kind.AZURITE
                ? overview.lake() + " (Azurite)"
                : shortened(Path.of(overview.lake()));
    }

    private static String capitalised(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private String shortened(Path path) {
        return path.startsWith(workingFolder) && !path.equals(workingFolder)
                ? workingFolder.relativize(path).toString()
                : path.toString();
    }
}
