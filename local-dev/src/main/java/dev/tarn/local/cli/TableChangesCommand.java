package dev.tarn.local.cli;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableVersion;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.cli.TableRows.Wanted;
import dev.tarn.model.Column;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn table changes}: rows that versions of a table inserted, updated and deleted. */
@Command(
        name = "changes",
        description = "Show the rows that versions of a table inserted, updated and deleted, the older ones first.",
        footer = "%n--format also takes jsonl, one JSON document a row (json is the same here), and parquet.")
final class TableChangesCommand implements Callable<Integer> {

    private static final String VERSION = "_commit_version";

    private final TableCommand tables;

    @Parameters(paramLabel = "TABLE", description = "A table of the lake, or the folder of a Delta table.")
    private String name = "";

    @Option(names = "--from", paramLabel = "N", required = true, description = "The first version that changed rows.")
    private long from;

    @Option(names = "--to", paramLabel = "M", description = "The last version. Default: the newest.")
    private @Nullable Long to;

    @Mixin
    private RowOptions rows = new RowOptions();

    TableChangesCommand(TableCommand tables) {
        this.tables = tables;
    }

    @Override
    public Integer call() {
        rows.show(tables, name, (table, session) -> rows(table.table(), session));
        return 0;
    }

    private TableRows rows(DeltaTable table, Session session) {
        long last = to != null
                ? to
                : table.newestVersion().map(TableVersion::version).orElse(from);
        // Says what is wrong with the range, before the version is looked for whose columns are shown.
        table.changes(session, from, last, Set::of);
        List<Column> columns = new ArrayList<>(table.snapshotAt(last).schema().columns());
        columns.add(new Column("_change_type", Simple.STRING));
        columns.add(new Column(VERSION, Simple.BIGINT));
        columns.add(new Column("_commit_timestamp", Simple.TIMESTAMP));
        TableSchema schema = new TableSchema(columns);
        return new TableRows(
                table.location().toString(),
                session,
                schema,
                read -> table.changes(session, from, last, read),
                new Wanted(SelectedColumn.all(schema), null, List.of(VERSION), rows.limit()));
    }
}
