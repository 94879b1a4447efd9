package dev.tarn.bench;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.TableName;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The table that is read: 5 M rows of 8 columns in 10 commits of one file each. */
final class SalesTable {

    static final TableName NAME = TableName.parse("bronze.sales");

    /** What every peer computes: one row, one text. */
    static final String AGGREGATES =
            "SELECT count(*) || ' ' || sum(amount) || ' ' || count(DISTINCT customer_id) FROM ";

    private static final int COMMITS = 10;
    private static final int ROWS_EACH = 500_000;

    private SalesTable() {}

    static void make(Path root, Path workspace) {
        // One thread writes one file for each commit.
        Budget budget = new Budget(256L << 20, 400L << 20, 400L << 20, 0, 200L << 20, 1);
        try (Lake lake = Lake.open(new LocalStorage(root), DuckDb.open(budget, workspace), Clock.systemUTC());
                Session session = lake.duckDb().session()) {
            DeltaTable table = lake.table(NAME);
            TableSnapshot base = table.create(TableDefinition.of(session.describe(rows(0))));
            for (int commit = 0; commit < COMMITS; commit++) {
                table.commit(
                        table.append(session, base, rows(commit)),
                        CommitRequest.ofFlow(
                                "bench",
                                commit,
                                new FlowProgress("bench", List.of()),
                                lake.newUpdateId(),
                                "WRITE",
                                Map.of(),
                                Map.of()));
                base = table.snapshot().orElseThrow();
            }
        }
    }

    private static String rows(int commit) {
        long first = (long) commit * ROWS_EACH;
        return "SELECT i AS id, ((hash(i) % 100000))::INTEGER AS customer_id, (hash(i + 1) % 2000)::INTEGER AS product_id, "
                + "(1 + hash(i + 2) % 20)::INTEGER AS quantity, "
                + "((hash(i + 3) % 10000000) / 100)::DECIMAL(18,2) AS amount, "
                + "['north', 'east', 'south', 'west'][1 + (hash(i + 4) % 4)::INTEGER] AS region, "
                + "TIMESTAMPTZ '2025-01-01 00:00:00+00' + INTERVAL (i) SECOND AS ordered_at, "
                + "md5(i::VARCHAR) AS reference "
                + "FROM range(" + first + ", " + (first + ROWS_EACH) + ") r(i)";
    }
}
