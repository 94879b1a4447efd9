package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.delta.VacuumReport;
import dev.tarn.engine.delta.VacuumRequest;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn table vacuum}: deletes files that no version within the retention needs. */
@Command(
        name = "vacuum",
        description = "Delete files that neither the newest version needs nor any that is younger than the retention.")
final class TableVacuumCommand implements Callable<Integer> {

    private final TableCommand tables;

    @Parameters(paramLabel = "TABLE", description = "A table of the lake, or the folder of a Delta table.")
    private String name = "";

    @Option(
            names = "--retention",
            paramLabel = "TIME",
            description = "How long files stay that no newer version needs: 168h, 30d. Default: as the table says.")
    private RunsCommand.@Nullable TimeSpan retention;

    @Option(names = "--dry-run", description = "Show the files and delete none.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Delete without asking.")
    private boolean yes;

    TableVacuumCommand(TableCommand tables) {
        this.tables = tables;
    }

    @Override
    public Integer call() {
        Predicate<String> asking = tables.surroundings().asking();
        if (!dryRun && !yes && (asking == null || tables.format() == Format.JSON)) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "tarn table vacuum deletes files, and there is nobody to ask.",
                    "Add --yes, or --dry-run to see what it would delete.");
        }
        try (OpenedTable table = tables.open(name)) {
            VacuumReport report = table.table().vacuum(request(dryRun || !yes));
            if (!dryRun && !yes && !report.files().isEmpty()) {
                String question =
                        "Delete " + amount(report) + " of " + table.table().location() + "?";
                if (asking == null || !asking.test(question)) {
                    tables.console().errorLine("Nothing was deleted.");
                    return ErrorCode.Exit.FAILED;
                }
                report = table.table().vacuum(request(false));
            }
            print(table, report);
        }
        return 0;
    }

    private VacuumRequest request(boolean onlyCounted) {
        Duration retainFor = retention == null ? null : retention.duration();
        return new VacuumRequest(retainFor, onlyCounted);
    }

    private static String amount(VacuumReport report) {
        int files = report.files().size();
        return files + (files == 1 ? " file" : " files") + ", " + Size.text(report.bytes()) + ",";
    }

    private void print(OpenedTable table, VacuumReport report) {
        Console console = tables.console();
        String location = table.table().location().toString();
        if (console.isJson()) {
            ObjectNode answer = Console.object()
                    .put("table", location)
                    .put("dryRun", dryRun)
                    .put("bytes", report.bytes())
                    .put("inUse", report.inUse());
            ArrayNode files = answer.putArray("files");
            report.files().forEach(files::add);
            console.json(answer);
            return;
        }
        if (dryRun) {
            report.files().forEach(file -> console.line(RowTable.visible(file)));
        }
        console.line(
                report.files().isEmpty()
                        ? "Nothing to delete: " + location + " needs all its files."
                        : (dryRun ? "Would delete " : "Deleted ") + amount(report) + " of " + location + ".");
        if (report.inUse() > 0) {
            console.line(report.inUse() + " more are in use and stay.");
        }
    }
}
