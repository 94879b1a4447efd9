package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.DeltaTables;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SparkTextCases;
import dev.tarn.engine.duckdb.SparkTextCases.Case;
import dev.tarn.engine.duckdb.SparkTexts;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What Spark makes of values with CAST AS STRING, and what Tarn makes of the same table. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkTextsInSparkTest {

    private static final Budget BUDGET = new Budget(256L << 20, 512L << 20, 1L << 30, 1L << 30, 1L << 30, 2);
    private static final String BETWEEN = "\u0001";

    @TempDir
    private Path folder;

    private final List<String> changed = new ArrayList<>();

    private void set(SparkReader spark, Map<String, String> settings) {
        settings.forEach((name, value) -> {
            changed.add(name);
            spark.set(name, value);
        });
    }

    @AfterEach
    void reset(SparkReader spark) {
        changed.forEach(name -> spark.set(name, name.equals("spark.sql.session.timeZone") ? "UTC" : ""));
    }

    @Test
    void theRecordedTextsAreThoseOfSparkAndOfTarn(SparkReader spark) {
        List<Case> cases = SparkTextCases.all();
        String values = IntStream.range(0, cases.size())
                .mapToObj(i -> cases.get(i).spark() + " AS c" + i)
                .collect(Collectors.joining(", "));
        List<String> expected = cases.stream().map(Case::text).toList();

        assertThat(textsOfSparkAndTarn(spark, "SELECT " + values, SparkTextCases.ZONE))
                .isEqualTo(Map.of("spark", expected, "tarn", expected));
    }

    @Test
    void doublesOfEverySizeAreWrittenAlike(SparkReader spark) {
        String values = IntStream.rangeClosed(-330, 308)
                .mapToObj(exponent -> "CAST('" + (exponent % 2 == 0 ? "" : "-") + (exponent % 3 == 0 ? "7" : "1.25")
                        + "E" + exponent + "' AS DOUBLE) AS d" + (exponent + 330))
                .collect(Collectors.joining(", "));

        Map<String, List<String>> texts = textsOfSparkAndTarn(spark, "SELECT " + values, "UTC");

        assertThat(texts.get("tarn")).hasSize(639);
        for (int i = 0; i < 639; i++) {
            assertIsWrittenAlike(texts.get("tarn").get(i), texts.get("spark").get(i));
        }
    }

    /** Java before 19, and with it Spark, gives some numbers a digit too many. */
    private static void assertIsWrittenAlike(String ours, String theirs) {
        if (Runtime.version().feature() >= 19 || ours.length() >= theirs.length()) {
            assertThat(ours).isEqualTo(theirs);
        } else {
            assertThat(Double.parseDouble(ours)).isEqualTo(Double.parseDouble(theirs));
        }
    }

    @Test
    void momentsAreWrittenAlikeAroundChangesOfTheClock(SparkReader spark) {
        String moments = IntStream.range(0, 300)
                .mapToObj(i -> "timestamp_micros(" + (i * 30_000_000L * 600 + 1_600_000_000_000_000L + i * 1_234_567L)
                        + ") AS m" + i)
                .collect(Collectors.joining(", "));

        Map<String, List<String>> texts = textsOfSparkAndTarn(spark, "SELECT " + moments, "Europe/Vienna");

        assertThat(texts.get("tarn")).hasSize(300).isEqualTo(texts.get("spark"));
    }

    /** The texts of the one row of the query, as it is stored in a table. */
    private Map<String, List<String>> textsOfSparkAndTarn(SparkReader spark, String query, String zone) {
        set(
                spark,
                Map.of(
                        "spark.sql.parquet.outputTimestampType",
                        "TIMESTAMP_MICROS",
                        "spark.sql.session.timeZone",
                        zone));
        String table = "delta.`" + folder.resolve("texts").toAbsolutePath() + "`";
        spark.run("CREATE TABLE " + table
                + " USING delta TBLPROPERTIES ('delta.feature.timestampNtz' = 'supported') AS " + query);
        try (DuckDb duckDb = DuckDb.open(BUDGET, folder.resolve("workspace"));
                Session session = duckDb.session()) {
            session.timezone(ZoneId.of(zone));
            TableSnapshot snapshot = new DeltaTables(new LocalStorage(folder), duckDb, Clock.systemUTC())
                    .table(new TableLocation("texts", "texts"))
                    .snapshot()
                    .orElseThrow();
            List<Column> columns = snapshot.schema().columns();
            String ours = columns.stream()
                    .map(column -> SparkTexts.of(Sql.identifier(column.name()), column.type()))
                    .collect(Collectors.joining(", "));
            String theirs = columns.stream()
                    .map(column -> "CAST(" + column.name() + " AS STRING)")
                    .collect(Collectors.joining(", "));
            Map<String, List<String>> texts = new TreeMap<>();
            texts.put(
                    "tarn",
                    session.query(
                                    "SELECT concat_ws(chr(1), " + ours + ") FROM " + snapshot.scan(session),
                                    row -> List.of(row.getString(1).split(BETWEEN, -1)))
                            .get(0));
            texts.put(
                    "spark",
                    List.of(spark.text("SELECT concat_ws('\\u0001', " + theirs + ") FROM " + table)
                            .split(BETWEEN, -1)));
            return texts;
        }
    }
}
