package dev.tarn.bench;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Sql;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process that reads the table through {@code DeltaTable}. {@code cold}: once, and prints {@code ROW <result>}.
 * {@code warm}: many times, in turns with {@code read_parquet} of the same files, and prints {@code TARN <millis>} and
 * {@code RAW <millis>} for each. Both end with {@code PEAK <MB>}.
 */
final class ReadProcess {

    static final int WARM_RUNS = 25;

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private ReadProcess() {}

    public static void main(String[] arguments) throws IOException {
        Lake.preload();
        Path root = Path.of(arguments[1]);
        Path workspace = Path.of(arguments[2]);
        Budget budget = new Budget(256L << 20, 400L << 20, 400L << 20, 0, 200L << 20, 2);
        LocalStorage storage = new LocalStorage(root);
        try (Lake lake = Lake.open(storage, DuckDb.open(budget, workspace), Clock.systemUTC())) {
            if (arguments[0].equals("cold")) {
                OUT.println("ROW " + throughTable(lake));
            } else {
                warm(lake, root);
            }
        }
        OUT.println("PEAK " + Child.peakMegabytes());
    }

    private static String throughTable(Lake lake) {
        TableSnapshot table = lake.table(SalesTable.NAME).snapshot().orElseThrow();
        // Listed while DuckDB still opens.
        table.files();
        try (Session session = lake.duckDb().session()) {
            return one(session, table.scan(session));
        }
    }

    private static void warm(Lake lake, Path root) throws IOException {
        String raw = rawFiles(root);
        for (int run = 0; run < WARM_RUNS; run++) {
            long start = System.nanoTime();
            String bare = bare(lake, raw);
            long between = System.nanoTime();
            String table = throughTable(lake);
            long end = System.nanoTime();
            if (!bare.equals(table)) {
                throw new IllegalStateException(bare + " and " + table);
            }
            OUT.printf(Locale.ROOT, "RAW %.2f%nTARN %.2f%n", (between - start) / 1e6, (end - between) / 1e6);
        }
    }

    private static String rawFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(SalesTable.NAME.path()))) {
            List<Path> parquet =
                    files.filter(file -> file.toString().endsWith(".parquet")).toList();
            return parquet.stream()
                    .map(file -> Sql.literal(file.toString()))
                    .collect(Collectors.joining(", ", "read_parquet([", "])"));
        }
    }

    private static String bare(Lake lake, String rows) {
        try (Session session = lake.duckDb().session()) {
            return one(session, rows);
        }
    }

    private static String one(Session session, String rows) {
        return session.query(SalesTable.AGGREGATES + rows + " AS t", row -> row.getString(1))
                .get(0);
    }
}
