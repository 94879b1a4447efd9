package dev.tarn.local.cli;

import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.CompactionPolicy;
import dev.tarn.engine.delta.HistoryEntry;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn table optimize}: fewer and better files, the same rows. */
@Command(
        name = "optimize",
        description = "Pack small files of a table, and write files anew of which many rows are deleted.")
final class TableOptimizeCommand implements Callable<Integer> {

    private final TableCommand tables;

    @Parameters(paramLabel = "TABLE", description = "A table of the lake, or the folder of a Delta table.")
    private String name = "";

    @Option(
            names = "--target-size",
            paramLabel = "SIZE",
            defaultValue = "128MB",
            description = "How large a file should be. Default: 128MB.")
    private Size targetSize = Size.of("128MB");

    TableOptimizeCommand(TableCommand tables) {
        this.tables = tables;
    }

    @Override
    public Integer call() {
        CompactionPolicy policy = new CompactionPolicy(
                targetSize.bytes(), CompactionPolicy.usual().mostDeleted());
        try (OpenedTable table = tables.open(name);
                Session session = table.duckDb().session()) {
            AtomicBoolean nothing = new AtomicBoolean();
            CommitRequest request = CommitRequest.ofWork(
                    table.newUpdateId(), "OPTIMIZE", Map.of("targetSize", Long.toString(targetSize.bytes())));
            Commit commit = table.table().run(request, base -> {
                TableChange change = table.table().optimize(session, base, policy);
                nothing.set(change.isNothing());
                return change;
            });
            report(table, commit, nothing.get());
        }
        return 0;
    }

    private void report(OpenedTable table, Commit commit, boolean nothing) {
        if (!(commit instanceof Commit.Committed committed)) {
            throw new IllegalStateException("work that is no flow's ends with a commit, and not with " + commit);
        }
        Map<String, String> metrics = nothing ? Map.of() : metrics(table, committed.version());
        long removed = number(metrics, "numRemovedFiles");
        long added = number(metrics, "numAddedFiles");
        Console console = tables.console();
        if (console.isJson()) {
            console.json(Console.object()
                    .put("table", table.table().location().toString())
                    .put("version", committed.version())
                    .put("filesRemoved", removed)
                    .put("filesAdded", added)
                    .put("bytesRemoved", number(metrics, "numRemovedBytes"))
                    .put("bytesAdded", number(metrics, "numAddedBytes")));
        } else if (nothing) {
            console.line("Nothing to do: no file of " + table.table().location() + " is worth writing anew.");
        } else {
            console.line(removed + " files, " + Size.text(number(metrics, "numRemovedBytes")) + ", became " + added
                    + ", " + Size.text(number(metrics, "numAddedBytes")) + ", in version " + committed.version() + ".");
        }
    }

    private static Map<String, String> metrics(OpenedTable table, long version) {
        return table.table().history(100).stream()
                .filter(entry -> entry.version() == version)
                .findFirst()
                .map(HistoryEntry::metrics)
                .orElseThrow(() -> new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        table.table().location() + " was packed in version " + version + ", and that is gone by now.",
                        "See what happened with tarn table history."));
    }

    private static long number(Map<String, String> metrics, String name) {
        return Long.parseLong(metrics.getOrDefault(name, "0"));
    }
}
