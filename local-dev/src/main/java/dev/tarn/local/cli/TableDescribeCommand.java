package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.delta.ColumnDescription;
import dev.tarn.engine.delta.TableDescription;
import dev.tarn.model.DataType;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tarn table describe}: what a table is. */
@Command(
        name = "describe",
        description = "Show what a table is: columns, files, features, and whether Tarn writes to it.")
final class TableDescribeCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final TableCommand tables;

    @Parameters(paramLabel = "TABLE", description = "A table of the lake, or the folder of a Delta table.")
    private String name = "";

    @Mixin
    private VersionOptions version = new VersionOptions();

    TableDescribeCommand(TableCommand tables) {
        this.tables = tables;
    }

    @Override
    public Integer call() {
        version.check();
        try (OpenedTable table = tables.open(name)) {
            ZoneId timezone = tables.timezone(table);
            TableDescription description = version.snapshot(table, timezone).describe();
            Console console = tables.console();
            if (console.isJson()) {
                console.json(asJson(description, table.path()));
            } else {
                print(console, description, table.path(), timezone);
            }
        }
        return 0;
    }

    private static void print(Console console, TableDescription table, String path, ZoneId timezone) {
        console.line("table       " + table.table());
        console.line("path        " + path);
        console.line("id          " + table.id());
        console.line("version     " + table.version() + ", "
                + TIME.format(table.timestamp().atZone(timezone)));
        if (!table.comment().isEmpty()) {
            console.line("comment     " + RowTable.visible(table.comment()));
        }
        console.line("protocol    reader " + table.protocol().reader() + ", writer "
                + table.protocol().writer());
        if (!table.protocol().features().isEmpty()) {
            console.line("features    " + String.join(", ", table.protocol().features()));
        }
        console.line("writable    " + writable(table));
        if (!table.partitionBy().isEmpty()) {
            console.line("partitions  " + String.join(", ", table.partitionBy()));
        }
        TableDescription.Files files = table.files();
        console.line("files       " + files.number() + ", " + Size.text(files.bytes()));
        console.line("rows        " + files.rows()
                + (files.withDeletionVector() == 0
                        ? ""
                        : ", and " + files.hiddenRows() + " hidden by deletion vectors of " + files.withDeletionVector()
                                + " files"));
        console.line("checkpoint  " + (table.checkpoint() == null ? "none" : "version " + table.checkpoint()));
        table.properties()
                .forEach((key, value) ->
                        console.line("property    " + RowTable.visible(key) + " = " + RowTable.visible(value)));
        console.line("");
        columns(table).lines().forEach(console::line);
    }

    private static String writable(TableDescription table) {
        if (table.refusal() != null) {
            return "no: " + table.refusal();
        }
        return table.flowRefusal() == null ? "yes" : "yes, but by no flow: " + table.flowRefusal();
    }

    /** Behind the columns, in how many of the files it is known what they hold. */
    private static TextTable columns(TableDescription table) {
        TextTable columns = new TextTable("column", "type", "nullable", "min", "max", "nulls", "comment");
        for (ColumnDescription column : table.columns()) {
            boolean told = !(column.type() instanceof DataType.Struct);
            ColumnDescription.Statistics files = column.statistics();
            columns.add(
                    RowTable.visible(column.path()),
                    column.type().toString(),
                    column.nullable() ? "yes" : "no",
                    told ? Long.toString(files.min()) : "",
                    told ? Long.toString(files.max()) : "",
                    told ? Long.toString(files.nullCount()) : "",
                    RowTable.visible(column.comment()));
        }
        return columns;
    }

    private static ObjectNode asJson(TableDescription table, String path) {
        ObjectNode node = Console.object()
                .put("table", table.table().toString())
                .put("path", path)
                .put("id", table.id())
                .put("version", table.version())
                .put("timestamp", table.timestamp().toString())
                .put("comment", table.comment());
        ObjectNode protocol = node.putObject("protocol")
                .put("reader", table.protocol().reader())
                .put("writer", table.protocol().writer());
        ArrayNode features = protocol.putArray("features");
        table.protocol().features().forEach(features::add);
        node.put("writable", table.refusal() == null)
                .put("refusal", table.refusal())
                .put("flowRefusal", table.flowRefusal());
        ArrayNode columns = node.putArray("columns");
        table.columns().forEach(column -> columns.add(asJson(column)));
        ArrayNode partitionBy = node.putArray("partitionBy");
        table.partitionBy().forEach(partitionBy::add);
        ObjectNode properties = node.putObject("properties");
        table.properties().forEach(properties::put);
        node.putObject("files")
                .put("number", table.files().number())
                .put("bytes", table.files().bytes())
                .put("rows", table.files().rows())
                .put("withDeletionVector", table.files().withDeletionVector())
                .put("hiddenRows", table.files().hiddenRows());
        return node.put("checkpoint", table.checkpoint());
    }

    private static ObjectNode asJson(ColumnDescription column) {
        ObjectNode node = Console.object()
                .put("path", column.path())
                .put("type", column.type().toString())
                .put("nullable", column.nullable())
                .put("partition", column.partition())
                .put("comment", column.comment());
        node.putObject("statistics")
                .put("min", column.statistics().min())
                .put("max", column.statistics().max())
                .put("nullCount", column.statistics().nullCount());
        return node;
    }
}
