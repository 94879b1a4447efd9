package dev.tarn.bench;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One process that brings changes into one table, and prints {@code FIRST <s>}, {@code RUN <millis>} and {@code PEAK <MB>}. */
final class CdcProcess {

    private static final TableName BRONZE = TableName.parse("bronze.sales");
    private static final TableName SILVER = TableName.parse("silver.sales");
    private static final SourcePosition POSITION = new SourcePosition("pipelines/silver_sales.sql", 1, 1);
    private static final long BATCH = 500_000;

    private final Lake lake;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private CdcProcess(Lake lake) {
        this.lake = lake;
    }

    /** {@code lake workspace type share runs}; the rows that change are among the newest, by that share in percent */
    public static void main(String[] arguments) throws Exception {
        try (Lake lake = Lake.open(
                new LocalStorage(Path.of(arguments[0])),
                DuckDb.open(ReferencePipeline.BUDGET, Path.of(arguments[1])),
                Clock.systemUTC())) {
            CdcProcess process = new CdcProcess(lake);
            process.run(
                    Effect.ScdType.valueOf(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]));
            process.out.println("PEAK " + Child.peakMegabytes());
        }
    }

    private void run(Effect.ScdType type, int percent, int runs) {
        long rows = MergeTable.ROWS;
        for (long first = 0; first < rows; first += BATCH) {
            arrive("SELECT *, 'upsert' AS _op, 1::BIGINT AS _seq FROM ("
                    + MergeTable.select("range(" + first + ", " + Math.min(rows, first + BATCH) + ") r(i)", 0) + ")");
        }
        Updates updates = new Updates(lake, ZoneId.of("UTC"), time -> {});
        Flow flow = flow(type);
        out.printf(Locale.ROOT, "FIRST %.1f%n", update(updates, flow) / 1e3);
        for (int run = 0; run < runs; run++) {
            // A prime that no number of files divides, so that every file has some of them.
            long range = rows * percent / 100;
            String ids = "(SELECT CASE WHEN k < 700 THEN " + (rows - range) + " + k * " + range / 701 + " + " + 7 * run
                    + " ELSE " + rows + " + "
                    + 1000 * run + " + k END AS i, k FROM range(1000) r(k))";
            arrive("SELECT * EXCLUDE (k), CASE WHEN k BETWEEN 500 AND 699 THEN 'delete' ELSE 'upsert' END AS _op, "
                    + (run + 2) + "::BIGINT AS _seq FROM (SELECT s.*, k FROM ("
                    + MergeTable.select("(SELECT i FROM " + ids + ")", run + 1) + ") s JOIN " + ids
                    + " c ON c.i = s.id)");
            out.printf(Locale.ROOT, "RUN %.1f%n", update(updates, flow));
        }
    }

    private static double update(Updates updates, Flow flow) {
        long start = System.nanoTime();
        UpdateOutcome outcome = updates.run(flow);
        if (!(outcome instanceof UpdateOutcome.Completed)) {
            throw new IllegalStateException("the update brought nothing: " + outcome);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private void arrive(String rows) {
        DeltaTable table = lake.table(BRONZE);
        try (Session session = lake.duckDb().session()) {
            table.create(TableDefinition.of(session.describe(rows)));
            table.run(
                    CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of()),
                    base -> table.append(session, base, rows));
        }
    }

    private Flow flow(Effect.ScdType type) {
        List<Column> columns = new ArrayList<>(
                lake.table(BRONZE).snapshot().orElseThrow().schema().columns());
        columns.removeIf(column -> column.name().startsWith("_"));
        List<String> names = columns.stream().map(Column::name).toList();
        if (type == Effect.ScdType.TYPE_2) {
            columns.add(new Column(Effect.AutoCdc.START_AT, DataType.Simple.BIGINT));
            columns.add(new Column(Effect.AutoCdc.END_AT, DataType.Simple.BIGINT));
        }
        List<String> tracked = type == Effect.ScdType.TYPE_2 ? names.subList(1, names.size()) : List.of();
        return new Flow(
                "sales",
                Dataset.of(SILVER, Dataset.Kind.STREAMING_TABLE, new TableSchema(columns), POSITION),
                new Effect.AutoCdc(List.of("id"), DataType.Simple.BIGINT, type, tracked, Set.of(), false, false),
                List.of(new Flow.Input(BRONZE, Flow.Reading.STREAM)),
                "SELECT " + Sql.identifiers(names) + ", _seq AS _tarn_sequence, CASE WHEN _op = 'delete' THEN 1 ELSE 0"
                        + " END::TINYINT AS _tarn_operation FROM \"bronze.sales\"",
                List.of(),
                List.of(),
                "cdc",
                POSITION);
    }
}
