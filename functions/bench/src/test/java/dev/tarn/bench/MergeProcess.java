package dev.tarn.bench;

import dev.tarn.bench.MergeTable.Shape;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.CompactionPolicy;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.Merge;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.Sql;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * One process that merges with one peer, each time into a fresh copy of the table, and prints {@code RUN <shape> <millis>},
 * {@code SUM <shape> <sums>} and {@code PEAK <MB>}.
 */
final class MergeProcess {

    /** Of the whole process, in bytes. */
    static final long INSTANCE_MEMORY = 1L << 30;

    /** For everything temporary, in bytes: of 800 MB the file system itself takes some. */
    private static final long INSTANCE_DISK = 640L << 20;

    private final Path root;
    private final Path sources;
    private final Path scratch;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private MergeProcess(Path root, Path sources, Path scratch) {
        this.root = root;
        this.sources = sources;
        this.scratch = scratch;
    }

    public static void main(String[] arguments) throws Exception {
        MergeProcess process = new MergeProcess(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
        int runs = Integer.parseInt(arguments[4]);
        switch (arguments[0]) {
            case "spark" -> process.spark(runs);
            case "tarn" -> process.tarn(runs);
            case "limited" -> process.limited();
            default -> throw new IllegalArgumentException("no peer is called " + arguments[0]);
        }
        process.out.println("PEAK " + Child.peakMegabytes());
        process.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private interface Work {
        String merge(Shape shape, Path lake) throws Exception;
    }

    private void runs(int runs, Work work) throws Exception {
        for (Shape shape : Shape.values()) {
            for (int run = 0; run < runs; run++) {
                Path lake = scratch.resolve(shape + "-" + run);
                MergeTable.copy(root, lake);
                String sums = work.merge(shape, lake);
                if (run == 0) {
                    out.println("SUM " + shape + " " + sums);
                }
                Child.delete(lake);
            }
        }
    }

    private void tell(Shape shape, long start) {
        out.printf(Locale.ROOT, "RUN %s %.1f%n", shape, (System.nanoTime() - start) / 1e6);
    }

    private void tarn(int runs) throws Exception {
        Budget budget = ReferencePipeline.BUDGET;
        try (DuckDb duckDb = DuckDb.open(budget, scratch.resolve("workspace"))) {
            runs(runs, (shape, folder) -> {
                Lake lake = Lake.open(new LocalStorage(folder), duckDb, Clock.systemUTC());
                DeltaTable table = lake.table(MergeTable.NAME);
                // Both peers know the table: what is timed is the merge.
                table.snapshot().orElseThrow().numRecords();
                String source = "SELECT * FROM read_parquet("
                        + Sql.literal(sources.resolve(shape + ".parquet").toString()) + ")";
                CommitRequest request = CommitRequest.ofWork(lake.newUpdateId(), "MERGE", Map.of());
                try (Session session = duckDb.session()) {
                    long start = System.nanoTime();
                    Commit commit =
                            table.run(request, base -> table.merge(session, base, Merge.upsert(List.of("id"), source)));
                    tell(shape, start);
                    if (!(commit instanceof Commit.Committed)) {
                        throw new IllegalStateException("nobody else writes here: " + commit);
                    }
                    return session.query(
                                    MergeTable.SUMS
                                            + table.snapshot().orElseThrow().scan(session),
                                    row -> row.getString(1))
                            .get(0);
                }
            });
        }
    }

    /** Merges into every file of the table, then packs what is left, with what an instance of a gigabyte may use. */
    private void limited() throws Exception {
        Budget budget = Budget.ofProcess(Math.min(Budget.usualMemory(), INSTANCE_MEMORY / 4 * 3), INSTANCE_DISK);
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        budget.check(temporary);
        try (Lake lake = Lake.open(storage(), DuckDb.open(budget, temporary), Clock.systemUTC())) {
            DeltaTable table = lake.table(MergeTable.NAME);
            String source = "SELECT * FROM read_parquet("
                    + Sql.literal(sources.resolve(Shape.SCATTERED + ".parquet").toString()) + ")";
            limited(lake, "MERGE", (session, base) -> table.merge(session, base, Merge.upsert(List.of("id"), source)));
            limited(lake, "OPTIMIZE", (session, base) -> table.optimize(session, base, CompactionPolicy.usual()));
            try (Session session = lake.duckDb().session()) {
                session.query(MergeTable.SUMS + table.snapshot().orElseThrow().scan(session), row -> row.getString(1))
                        .forEach(sums -> out.println("SUM " + Shape.SCATTERED + " " + sums));
            }
        }
    }

    /** The lake in a folder, or in the storage account that the environment names. */
    private Storage storage() {
        String address = System.getenv("TARN_LAKE");
        return address == null ? new LocalStorage(root) : AzureBlobStorage.open(AzureAddress.parse(address));
    }

    private interface Plan {
        TableChange of(Session session, TableSnapshot base);
    }

    private void limited(Lake lake, String operation, Plan plan) {
        DeltaTable table = lake.table(MergeTable.NAME);
        CommitRequest request = CommitRequest.ofWork(lake.newUpdateId(), operation, Map.of());
        long start = System.nanoTime();
        try (Session session = lake.duckDb().session()) {
            table.run(request, base -> plan.of(session, base));
        }
        out.printf(
                Locale.ROOT,
                "%s %.1f %d%n",
                operation,
                (System.nanoTime() - start) / 1e9,
                table.snapshot().orElseThrow().files().size());
    }

    private void spark(int runs) throws Exception {
        try (SparkPeer peer = new SparkPeer(scratch.resolve("workspace"))) {
            SparkSession spark = peer.session();
            runs(runs, (shape, folder) -> {
                String table = "delta.`" + folder.resolve(MergeTable.NAME.path()) + "`";
                spark.read()
                        .parquet(sources.resolve(shape + ".parquet").toString())
                        .createOrReplaceTempView("source");
                spark.sql("SELECT count(*) FROM " + table).collectAsList();
                long start = System.nanoTime();
                spark.sql("MERGE INTO " + table + " t USING source s ON t.id = s.id"
                        + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
                tell(shape, start);
                return spark.sql(MergeTable.SUMS + table).first().getString(0);
            });
        }
    }
}
