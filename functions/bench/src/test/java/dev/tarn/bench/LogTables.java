package dev.tarn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tables that are little else than a log. Descriptions of files that nobody reads stand in commits which are put there as
 * text; the last commit, and the checkpoint with it, is Tarn's own.
 */
final class LogTables {

    /** 72,000 files, all in one checkpoint. */
    static final TableName FILES = TableName.parse("bronze.files");

    /** The same, divided by two columns. */
    static final TableName DIVIDED = TableName.parse("bronze.divided");

    /** 10,000 commits, all still in the log, with a checkpoint every 10. */
    static final TableName COMMITS = TableName.parse("bronze.commits");

    static final int MANY_FILES = 72_000;
    static final int MANY_COMMITS = 10_000;

    private static final int INTERVAL = 10;
    private static final String ROW =
            "SELECT 1::BIGINT AS id, 'eu' AS region, DATE '2026-01-01' AS day, 1::INTEGER AS customer_id, "
                    + "2.5::DECIMAL(18,2) AS amount, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS ordered_at, 'x' AS reference";

    private final Path root;
    private final Path workspace;

    LogTables(Path root, Path workspace) {
        this.root = root;
        this.workspace = workspace;
    }

    void make() throws IOException {
        LocalStorage storage = new LocalStorage(root);
        try (Lake lake = open(storage, workspace)) {
            files(lake, storage, FILES, List.of());
            files(lake, storage, DIVIDED, List.of("region", "day"));
            commits(lake, storage);
        }
    }

    static Lake open(Storage storage, Path workspace) throws IOException {
        Budget budget = new Budget(256L << 20, 400L << 20, 400L << 20, 0, 200L << 20, 2);
        return Lake.open(storage, DuckDb.open(budget, workspace), Clock.systemUTC());
    }

    private static void files(Lake lake, Storage storage, TableName name, List<String> partitionBy) throws IOException {
        create(lake, name, partitionBy);
        int each = MANY_FILES / (INTERVAL - 1);
        for (int version = 1; version < INTERVAL; version++) {
            put(storage, name, version, version * each, each, !partitionBy.isEmpty());
        }
        append(lake, name);
    }

    private void commits(Lake lake, Storage storage) throws IOException {
        create(lake, COMMITS, List.of());
        for (int version = 1; version < MANY_COMMITS; version++) {
            put(storage, COMMITS, version, version, 1, false);
        }
        append(lake, COMMITS);
        // Those that are not the newest are listed and never read.
        Path log = root.resolve(COMMITS.path()).resolve("_delta_log");
        Path newest = log.resolve(checkpoint(MANY_COMMITS));
        for (int version = INTERVAL; version < MANY_COMMITS; version += INTERVAL) {
            Files.createLink(log.resolve(checkpoint(version)), newest);
        }
    }

    private static String checkpoint(int version) {
        return String.format(Locale.ROOT, "%020d.checkpoint.parquet", version);
    }

    private static void create(Lake lake, TableName name, List<String> partitionBy) {
        try (Session session = lake.duckDb().session()) {
            lake.table(name).create(new TableDefinition(session.describe(ROW), partitionBy, "", Map.of()));
        }
    }

    /** One row in one file. */
    static void append(Lake lake, TableName name) {
        try (Session session = lake.duckDb().session()) {
            DeltaTable table = lake.table(name);
            TableSnapshot base = table.snapshot().orElseThrow();
            table.commit(
                    table.append(session, base, ROW),
                    CommitRequest.ofFlow(
                            "bench",
                            base.version(),
                            new FlowProgress("bench", List.of()),
                            lake.newUpdateId(),
                            "WRITE",
                            Map.of(),
                            Map.of()));
        }
    }

    private static void put(Storage storage, TableName name, int version, int first, int files, boolean divided)
            throws IOException {
        StringBuilder actions = new StringBuilder();
        for (int file = first; file < first + files; file++) {
            actions.append(add(file, divided)).append('\n');
        }
        String path = name.path() + "/_delta_log/" + String.format(Locale.ROOT, "%020d.json", version);
        storage.putIfAbsent(path, actions.toString().getBytes(UTF_8));
    }

    private static String add(int file, boolean divided) {
        String day = String.format(Locale.ROOT, "2026-%02d-%02d", 1 + file % 12, 1 + file % 28);
        String region = "region-" + file % 40;
        String path =
                String.format(Locale.ROOT, "part-%08d-3f1c2a5e-7d4b-4c1e-9a55-%012x.c000.zstd.parquet", file, file);
        String values = divided ? "\"region\":\"" + region + "\",\"day\":\"" + day + "\"" : "";
        String least = bounds(file, divided ? "" : "\"region\":\"" + region + "\",\"day\":\"" + day + "\",");
        String nulls = "\"id\":0," + (divided ? "" : "\"region\":0,\"day\":0,")
                + "\"customer_id\":0,\"amount\":0,\"ordered_at\":0,\"reference\":0";
        String stats = "{\"numRecords\":1000,\"minValues\":" + least + ",\"maxValues\":" + least + ",\"nullCount\":{"
                + nulls + "},\"tightBounds\":true}";
        return "{\"add\":{\"path\":\"" + path + "\",\"partitionValues\":{" + values + "},\"size\":" + (40_000 + file)
                + ",\"modificationTime\":1790000000000,\"dataChange\":true,\"stats\":\"" + stats.replace("\"", "\\\"")
                + "\"}}";
    }

    private static String bounds(int file, String rest) {
        return "{\"id\":" + file * 1000L + "," + rest + "\"customer_id\":" + file % 977
                + ",\"amount\":12.50,\"ordered_at\":\"2026-01-01T00:00:00.000Z\",\"reference\":\"c4ca4238a0b923820dcc509a6f75849b\"}";
    }
}
