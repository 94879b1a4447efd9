package dev.tarn.engine.flow;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Effect.AutoCdc;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A lake with changes of {@code (id, name, amount)} in bronze, and AUTO CDC flows that bring them into silver. */
public final class ChangesLake implements AutoCloseable {

    static final TableName BRONZE = TableName.parse("bronze.changes");
    static final TableName SILVER = TableName.parse("silver.rows");
    static final SourcePosition POSITION = new SourcePosition("pipelines/silver_rows.sql", 7, 1);

    private static final TableSchema CHANGES = new TableSchema(List.of(
            new Column("id", DataType.Simple.INT),
            new Column("name", DataType.Simple.STRING),
            new Column("amount", new DataType.Decimal(18, 2)),
            new Column("op", DataType.Simple.STRING),
            new Column("seq", DataType.Simple.BIGINT)));

    final Lake lake;
    final Updates updates;

    public ChangesLake(Path folder, Clock clock) {
        this(new LocalStorage(folder.resolve("lake")), folder.resolve("workspace"), clock);
    }

    ChangesLake(Storage storage, Path workspace, Clock clock) {
        Budget budget = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 64L << 20, 2);
        this.lake = Lake.open(storage, DuckDb.open(budget, workspace), clock);
        this.updates = new Updates(lake, ZoneId.of("UTC"), Pause.real());
    }

    /** Appends changes {@code (id, name, amount, op, seq)}; {@code op} is {@code u}, {@code d} or {@code t}. */
    void arrive(String... changes) {
        arriveAll("SELECT id::INTEGER AS id, name::VARCHAR AS name, amount::DECIMAL(18,2) AS amount, op::VARCHAR AS op,"
                + " seq::BIGINT AS seq FROM (VALUES " + String.join(", ", changes) + ") v(id, name, amount, op, seq)");
    }

    public void arriveAll(String query) {
        DeltaTable table = lake.table(BRONZE);
        table.create(TableDefinition.of(CHANGES));
        try (Session session = lake.duckDb().session()) {
            table.run(
                    CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of()),
                    base -> table.append(session, base, query));
        }
    }

    public static AutoCdc type1() {
        return new AutoCdc(
                List.of("id"), DataType.Simple.BIGINT, Effect.ScdType.TYPE_1, List.of(), Set.of(), false, false);
    }

    static AutoCdc type2(String... tracked) {
        return new AutoCdc(
                List.of("id"), DataType.Simple.BIGINT, Effect.ScdType.TYPE_2, List.of(tracked), Set.of(), false, false);
    }

    static AutoCdc ignoringNulls(AutoCdc effect, String... columns) {
        return new AutoCdc(
                effect.keys(),
                effect.sequence(),
                effect.type(),
                effect.tracked(),
                Set.of(columns),
                effect.snapshots(),
                effect.once());
    }

    static AutoCdc bySnapshot(AutoCdc effect) {
        return new AutoCdc(
                effect.keys(), effect.sequence(), effect.type(), effect.tracked(), effect.ignoreNulls(), true, false);
    }

    public static Flow flow(AutoCdc effect) {
        return flow(effect, "SELECT * FROM \"bronze.changes\"", "seq", Map.of(), List.of());
    }

    /** @param sequence an expression over the columns of the source */
    static Flow flow(
            AutoCdc effect, String source, String sequence, Map<String, String> properties, List<JudgedView> views) {
        List<Column> columns = new ArrayList<>(CHANGES.columns().subList(0, 3));
        if (effect.type() == Effect.ScdType.TYPE_2) {
            columns.add(new Column(AutoCdc.START_AT, effect.sequence()));
            columns.add(new Column(AutoCdc.END_AT, effect.sequence()));
        }
        Dataset dataset = new Dataset(
                SILVER,
                Dataset.Kind.STREAMING_TABLE,
                new TableSchema(columns),
                Set.of(),
                List.of(),
                List.of(),
                "",
                properties,
                POSITION);
        String operation =
                effect.snapshots() ? "0::TINYINT" : "CASE op WHEN 't' THEN 2 WHEN 'd' THEN 1 ELSE 0 END::TINYINT";
        return new Flow(
                "rows_current",
                dataset,
                effect,
                List.of(new Flow.Input(BRONZE, effect.snapshots() ? Flow.Reading.WHOLE : Flow.Reading.STREAM)),
                "SELECT id, name, amount, " + (effect.snapshots() ? "NULL::BIGINT" : sequence) + " AS _tarn_sequence, "
                        + operation + " AS _tarn_operation FROM (" + source + ")",
                List.of(),
                views,
                "hash",
                POSITION);
    }

    /** Updates the flow's table. */
    public void run(Flow flow) {
        updates.run(flow);
    }

    TableSnapshot snapshot(TableName table) {
        return lake.table(table).snapshot().orElseThrow();
    }

    /** The rows of silver, {@code id|name|amount}, of type 2 {@code id|name|amount|start|end}. */
    public List<String> rows() {
        TableSnapshot snapshot = snapshot(SILVER);
        int columns = snapshot.schema().columns().size();
        try (Session session = lake.duckDb().session()) {
            return session.query("SELECT * FROM " + snapshot.scan(session) + " ORDER BY ALL", row -> {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    values.add(String.valueOf(row.getString(column)));
                }
                return String.join("|", values);
            });
        }
    }

    @Override
    public void close() {
        lake.close();
    }
}
