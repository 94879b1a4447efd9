package dev.tarn.bench;

import dev.tarn.compiler.Compiler;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tarn: two updates as the function app runs them, from a compiled plan. */
final class TarnPeer implements Peer {

    private static final TableName BRONZE = TableName.parse("bronze.account_move");
    private static final TableName SILVER = TableName.parse("silver.account_move");
    private static final TableName GOLD = TableName.parse("gold.monthly_journal");

    private final Plan plan;
    private final DuckDb duckDb;
    private final @Nullable Storage elsewhere;

    TarnPeer(Plan plan, Budget budget, Path workspace) {
        this(plan, budget, workspace, null);
    }

    /** @param lake where the whole lake is; null for folders that share a bronze table */
    TarnPeer(Plan plan, Budget budget, Path workspace, @Nullable Storage lake) {
        this.plan = plan;
        this.elsewhere = lake;
        this.duckDb = DuckDb.open(budget, workspace);
    }

    static Plan compile(Path project, TableSchema bronze) {
        return Compiler.compile(project, "local", name -> name.equals(BRONZE) ? Optional.of(bronze) : Optional.empty());
    }

    /** Makes {@code lake} a lake whose bronze table holds the rows of the file. */
    static TableSchema load(Path bronzeFile, Storage lake, Budget budget, Path workspace) throws IOException {
        try (DuckDb duckDb = DuckDb.open(budget, workspace);
                Session session = duckDb.session()) {
            Lake opened = Lake.open(lake, duckDb, Clock.systemUTC());
            String rows = "SELECT * FROM read_parquet(" + Sql.literal(bronzeFile.toString()) + ")";
            TableSchema schema = session.describe(rows);
            DeltaTable table = opened.table(BRONZE);
            TableSnapshot base = table.create(new TableDefinition(schema, List.of(), "", Map.of()));
            table.commit(
                    table.append(session, base, rows),
                    CommitRequest.ofFlow(
                            "bench",
                            0,
                            new FlowProgress("bench", List.of()),
                            opened.newUpdateId(),
                            "WRITE",
                            Map.of(),
                            Map.of()));
            return schema;
        }
    }

    @Override
    public Result run(Path bronze, Path target) throws IOException {
        Lake lake = Lake.open(elsewhere == null ? folder(bronze, target) : elsewhere, duckDb, Clock.systemUTC());
        Updates updates = new Updates(lake, plan.timezone());
        for (Flow flow : plan.flows()) {
            UpdateOutcome outcome = updates.run(flow);
            if (!(outcome instanceof UpdateOutcome.Completed)) {
                throw new IllegalStateException(flow.id() + ": " + outcome);
            }
        }
        return result(lake);
    }

    private static Storage folder(Path bronze, Path target) throws IOException {
        Files.createSymbolicLink(target.resolve("bronze"), bronze.resolve("bronze"));
        return new LocalStorage(target);
    }

    private Result result(Lake lake) {
        try (Session session = duckDb.session()) {
            TableSnapshot gold = lake.table(GOLD).snapshot().orElseThrow();
            String total = session.query("SELECT sum(untaxed) FROM " + gold.scan(session), row -> row.getBigDecimal(1)
                            .toPlainString())
                    .get(0);
            return new Result(lake.table(SILVER).snapshot().orElseThrow().numRecords(), gold.numRecords(), total);
        }
    }

    @Override
    public void close() {
        duckDb.close();
    }
}
