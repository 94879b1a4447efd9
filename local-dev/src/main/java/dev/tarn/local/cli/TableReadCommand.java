package dev.tarn.local.cli;

import dev.tarn.compiler.RowCondition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.cli.TableRows.Wanted;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn table read}: rows of a table. */
@Command(
        name = "read",
        description = "Show rows of a table, as Spark prints them.",
        footer = "%n--format also takes jsonl, one JSON document a row (json is the same here), and parquet.")
final class TableReadCommand implements Callable<Integer> {

    private final TableCommand tables;

    @Parameters(paramLabel = "TABLE", description = "A table of the lake, or the folder of a Delta table.")
    private String name = "";

    @Mixin
    private VersionOptions version = new VersionOptions();

    @Option(names = "--columns", paramLabel = "LIST", description = "Columns and fields: a,b.c. Default: all.")
    private @Nullable String columns;

    @Option(names = "--where", paramLabel = "SQL", description = "Only rows for which this is true, in Spark SQL.")
    private @Nullable String where;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many rows, any of them.")
    private @Nullable Long limit;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to a new file instead of standard output.")
    private @Nullable String output;

    TableReadCommand(TableCommand tables) {
        this.tables = tables;
    }

    @Override
    public Integer call() {
        version.check();
        if (limit != null && limit < 0) {
            throw new TarnException(
                    ErrorCode.USAGE, "--limit takes 0 or more, not " + limit + ".", "See tarn table read --help.");
        }
        if (tables.format() == Format.PARQUET && output == null) {
            throw new TarnException(
                    ErrorCode.USAGE, "--format parquet writes a file and needs its name.", "Add --output FILE.");
        }
        Path file = output == null ? null : tables.surroundings().resolve(output);
        try (RowOutput out = RowOutput.open(file, tables.surroundings());
                OpenedTable table = tables.open(name);
                Session session = table.duckDb().session()) {
            ZoneId timezone = tables.timezone(table);
            session.timezone(timezone);
            TableSnapshot snapshot = version.snapshot(table, timezone);
            write(rows(snapshot, session), out);
            out.complete();
        }
        return 0;
    }

    private TableRows rows(TableSnapshot snapshot, Session session) {
        TableSchema schema = snapshot.schema();
        String table = snapshot.table().toString();
        List<SelectedColumn> selected =
                columns == null ? SelectedColumn.all(schema) : SelectedColumn.named(columns, schema, table);
        String condition = where == null ? null : RowCondition.compile("--where", where, schema, table, alias(table));
        return new TableRows(
                table, session, schema, read -> snapshot.scan(session, read), new Wanted(selected, condition, limit));
    }

    /** The last part of the table's name. */
    private static String alias(String table) {
        String[] parts = table.split("[/.]");
        return parts.length == 0 ? table : parts[parts.length - 1];
    }

    private void write(TableRows rows, RowOutput out) {
        switch (tables.format()) {
            case TABLE -> {
                RowTable table = new RowTable(rows.names(), out);
                rows.forEachText(table::add);
                table.end();
            }
            case JSON, JSONL -> rows.forEachJson(out::line);
            case PARQUET -> rows.toParquet(out.unfinished());
        }
    }
}
