package dev.tarn.local.cli;

import dev.tarn.compiler.RowCondition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.cli.TableRows.Wanted;
import dev.tarn.model.TableSchema;
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

    @Mixin
    private RowOptions rows = new RowOptions();

    TableReadCommand(TableCommand tables) {
        this.tables = tables;
    }

    @Override
    public Integer call() {
        version.check();
        rows.show(tables, name, (table, session) -> rows(version.snapshot(table, tables.timezone(table)), session));
        return 0;
    }

    private TableRows rows(TableSnapshot snapshot, Session session) {
        TableSchema schema = snapshot.schema();
        String table = snapshot.table().toString();
        List<SelectedColumn> selected =
                columns == null ? SelectedColumn.all(schema) : SelectedColumn.named(columns, schema, table);
        String condition = where == null ? null : RowCondition.compile("--where", where, schema, table, alias(table));
        return new TableRows(
                table,
                session,
                schema,
                read -> snapshot.scan(session, read),
                new Wanted(selected, condition, List.of(), rows.limit()));
    }

    /** The last part of the table's name. */
    private static String alias(String table) {
        String[] parts = table.split("[/.]");
        return parts.length == 0 ? table : parts[parts.length - 1];
    }
}
