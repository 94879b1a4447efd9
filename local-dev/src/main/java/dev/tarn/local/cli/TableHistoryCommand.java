package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.delta.HistoryEntry;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn table history}: who did what to a table. */
@Command(name = "history", description = "Show the commits that are in the table's log, the newest first.")
final class TableHistoryCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final TableCommand tables;

    @Parameters(paramLabel = "TABLE", description = "A table of the lake, or the folder of a Delta table.")
    private String name = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many. Default: 20.")
    private int limit = 20;

    TableHistoryCommand(TableCommand tables) {
        this.tables = tables;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new TarnException(
                    ErrorCode.USAGE, "--limit takes 1 or more, not " + limit + ".", "See tarn table history --help.");
        }
        try (OpenedTable table = tables.open(name)) {
            List<HistoryEntry> history = table.table().history(limit);
            Console console = tables.console();
            if (console.isJson()) {
                history.forEach(entry -> console.json(asJson(entry)));
            } else {
                print(console, history, tables.timezone(table));
            }
        }
        return 0;
    }

    private static void print(Console console, List<HistoryEntry> history, ZoneId timezone) {
        TextTable table = new TextTable("version", "timestamp", "operation", "parameters", "metrics", "engine");
        for (HistoryEntry entry : history) {
            table.add(
                    Long.toString(entry.version()),
                    TIME.format(entry.timestamp().atZone(timezone)),
                    RowTable.visible(entry.operation()),
                    text(entry.parameters()),
                    text(entry.metrics()),
                    RowTable.visible(entry.engine()));
        }
        table.lines().forEach(console::line);
    }

    private static String text(Map<String, String> entries) {
        return RowTable.visible(entries.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" ")));
    }

    private static ObjectNode asJson(HistoryEntry entry) {
        ObjectNode node = Console.object()
                .put("version", entry.version())
                .put("timestamp", entry.timestamp().toString())
                .put("operation", entry.operation());
        ObjectNode parameters = node.putObject("parameters");
        entry.parameters().forEach(parameters::put);
        ObjectNode metrics = node.putObject("metrics");
        entry.metrics().forEach(metrics::put);
        return node.put("engine", entry.engine());
    }
}
