package dev.tarn.bench;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.DatabaseExtract;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One process that reads a table into an empty lake, prints {@code LOAD <s>} and {@code PEAK <MB>}, and then looks again after
 * no change and after 1,000, and prints {@code LOOK <kind> <millis> <rows>}.
 */
final class ExtractProcess {

    private static final SourcePosition POSITION = new SourcePosition("sources/odoo.yml", 1, 1);
    private static final int LOOKS = 5;
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration ALWAYS = Duration.ofNanos(1);

    private ExtractProcess() {}

    /** {@code lake workspace url} */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PostgresUrl url = PostgresUrl.parse(new SecretRef("bench"), arguments[2]);
        try (Lake lake = Lake.open(
                new LocalStorage(Path.of(arguments[0])),
                DuckDb.open(ReferencePipeline.BUDGET, Path.of(arguments[1])),
                Clock.systemUTC())) {
            // DuckDB's own start is none of an extraction's.
            lake.duckDb().session().close();
            long start = System.nanoTime();
            rows(new DatabaseExtract(lake, source(NEVER, null), url).extract());
            out.printf(Locale.ROOT, "LOAD %.2f%n", (System.nanoTime() - start) / 1e9);
            out.println("PEAK " + Child.peakMegabytes());
            looks(lake, url, out);
        }
    }

    private static void looks(Lake lake, PostgresUrl url, PrintStream out) throws SQLException {
        DatabaseExtract fresh = new DatabaseExtract(lake, source(NEVER, ALWAYS), url);
        fresh.extractDue();
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + url, url.user(), null);
                Statement statement = connection.createStatement()) {
            for (int run = 0; run < LOOKS; run++) {
                DatabaseExtract extract = new DatabaseExtract(lake, source(ALWAYS, null), url);
                look("keys", extract, out);
                look("idle", extract, out);
                change(statement, run, "");
                look("horizon", extract, out);
                change(statement, run, ", write_date = now()");
                look("fresh", fresh, out);
                long start = System.nanoTime();
                statement
                        .executeQuery("SELECT count(*) FROM " + OdooLines.TABLE)
                        .close();
                out.printf(Locale.ROOT, "LOOK count %.0f%n", (System.nanoTime() - start) / 1e6);
            }
        }
    }

    private static void change(Statement statement, int run, String more) throws SQLException {
        statement.execute("UPDATE " + OdooLines.TABLE + " SET debit = debit + 1" + more + " WHERE id IN (SELECT 1 + "
                + run + " + i * 4999 FROM generate_series(0, 999) AS i)");
    }

    private static void look(String name, DatabaseExtract extract, PrintStream out) {
        long start = System.nanoTime();
        long rows = rows(extract.extractDue());
        out.printf(Locale.ROOT, "LOOK %s %.0f %d%n", name, (System.nanoTime() - start) / 1e6, rows);
    }

    private static long rows(List<Extracted> tables) {
        return tables.stream().mapToLong(Extracted::rows).sum();
    }

    private static TableSource source(Duration every, @Nullable Duration fresh) {
        return new TableSource(
                "odoo",
                new SourceConnection.OdooDatabase(new SecretRef("bench"), 19, "en_US", null),
                every,
                new DeleteCheck(NEVER, BigDecimal.ONE),
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN),
                List.of(new TableSource.Table(
                        Relation.parse(OdooLines.TABLE),
                        TableName.parse("bronze." + OdooLines.TABLE),
                        Set.of(),
                        List.of(),
                        null,
                        null,
                        fresh,
                        POSITION)),
                POSITION);
    }
}
