package dev.tarn.bench;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The table that is merged into, as flows make theirs, and what is merged: 1 % of its rows, half of them new. */
final class MergeTable {

    static final TableName NAME = TableName.parse("silver.sales");
    static final long ROWS = Long.getLong("bench.merge.rows", 10_000_000);

    /** Proves that the peers did the same work. */
    static final String SUMS =
            "SELECT concat_ws(' ', count(*), sum(id), sum(amount), sum(quantity), min(reference), max(reference)) FROM ";

    private static final int FILES = 20;
    private static final long ROWS_EACH = ROWS / FILES;

    private MergeTable() {}

    /** Where in the table the rows are that are updated. */
    enum Shape {
        /** In every file. */
        SCATTERED(FILES),
        /** In the files of a quarter of the rows. */
        QUARTER(FILES / 4),
        /** In the last file, as with records that were made of late. */
        RECENT(1);

        private final int files;

        Shape(int files) {
            this.files = files;
        }

        int files() {
            return files;
        }

        /** The rows to merge: {@code ROWS / 200} updates and as many inserts. */
        String rows() {
            long updates = ROWS / 200;
            long range = ROWS_EACH * files;
            String id = "(CASE WHEN i < " + updates + " THEN " + (ROWS - range) + " + i * " + range + " // " + updates
                    + " ELSE " + (ROWS - updates) + " + i END)";
            return select("(SELECT " + id + " AS i FROM range(" + 2 * updates + ") r(i))", 7);
        }
    }

    static String select(String ids, int salt) {
        return "SELECT i::BIGINT AS id, (hash(i) % 100000)::INTEGER AS customer_id, "
                + "(hash(i + 1) % 2000)::INTEGER AS product_id, (" + salt
                + " + hash(i + 2) % 20)::INTEGER AS quantity, "
                + "((hash(i + " + salt + ") % 10000000) / 100)::DECIMAL(18,2) AS amount, "
                + "['north', 'east', 'south', 'west'][1 + (hash(i + 4) % 4)::INTEGER] AS region, "
                + "TIMESTAMPTZ '2025-01-01 00:00:00+00' + INTERVAL (i) SECOND AS ordered_at, "
                + "md5((i + " + salt + ")::VARCHAR) AS reference FROM " + ids;
    }

    /** Makes the table below {@code root}, and the rows of each shape as {@code <shape>.parquet} in {@code sources}. */
    static void make(Path root, Path sources, Path workspace) throws IOException {
        Files.createDirectories(sources);
        Budget budget = new Budget(256L << 20, 400L << 20, 400L << 20, 0, 200L << 20, 1);
        try (Lake lake = Lake.open(new LocalStorage(root), DuckDb.open(budget, workspace), Clock.systemUTC());
                Session session = lake.duckDb().session()) {
            DeltaTable table = lake.table(NAME);
            TableSnapshot base = table.create(new TableDefinition(
                    session.describe(select("range(0) r(i)", 0)),
                    List.of(),
                    "",
                    Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true")));
            for (long file = 0; file < FILES; file++) {
                String ids = "range(" + file * ROWS_EACH + ", " + (file + 1) * ROWS_EACH + ") r(i)";
                table.commit(
                        table.append(session, base, select(ids, 0)),
                        CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of()));
                base = table.snapshot().orElseThrow();
            }
            for (Shape shape : Shape.values()) {
                session.execute("COPY (" + shape.rows() + ") TO "
                        + Sql.literal(sources.resolve(shape + ".parquet").toString()) + " (FORMAT parquet)");
            }
        }
    }

    /** The same table at {@code target}: files of a Delta table never change, so links suffice. */
    static void copy(Path root, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path link = target.resolve(root.relativize(file));
                Files.createDirectories(link.getParent());
                Files.createLink(link, file);
            }
        }
    }
}
