package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.flow.ChangesLake;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.pipelines.autocdc.ChangeArgs;
import org.apache.spark.sql.pipelines.autocdc.ColumnSelection;
import org.apache.spark.sql.pipelines.autocdc.Scd1BatchProcessor;
import org.apache.spark.sql.pipelines.autocdc.Scd1ForeachBatchHandler;
import org.apache.spark.sql.pipelines.autocdc.ScdType;
import org.apache.spark.sql.pipelines.autocdc.UnqualifiedColumnName;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The same batches of changes through Tarn's AUTO CDC of type 1 and through Spark's own, batch for batch. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkAutoCdcTest {

    private static final int KEYS = 400;
    private static final int BATCHES = 6;
    private static final int CHANGES = 300;
    private static final String METADATA =
            "__spark_autocdc_metadata STRUCT<deleteSequence: BIGINT, upsertSequence: BIGINT>";

    private final String target = "t" + UUID.randomUUID().toString().replace("-", "");
    private final String beside = target + "_beside";

    @TempDir
    Path folder;

    private static <T> Seq<T> seq(List<T> elements) {
        return CollectionConverters.asScala(elements).toSeq();
    }

    private static TableIdentifier identifier(String table) {
        return TableIdentifier.apply(table, Option.apply("default"));
    }

    private Scd1ForeachBatchHandler spark(SparkReader spark) {
        spark.run("CREATE TABLE " + target + " (id INT, name STRING, amount DECIMAL(18,2), " + METADATA
                + ") USING delta LOCATION '" + folder.resolve("target") + "'");
        spark.run("CREATE TABLE " + beside + " (id INT, " + METADATA + ") USING delta LOCATION '"
                + folder.resolve("beside") + "'");
        Column deleted = functions.col("op").equalTo("d");
        ColumnSelection columns = new ColumnSelection.ExcludeColumns(
                seq(List.of(new UnqualifiedColumnName("op"), new UnqualifiedColumnName("seq"))));
        ChangeArgs changes = new ChangeArgs(
                seq(List.of(new UnqualifiedColumnName("id"))),
                functions.col("seq"),
                ScdType.Type1$.MODULE$,
                Option.apply(deleted),
                Option.apply(columns));
        return new Scd1ForeachBatchHandler(
                new Scd1BatchProcessor(changes, DataTypes.LongType), identifier(beside), identifier(target));
    }

    /** At most one change of a key and sequence in a batch, for Spark takes any of several. */
    private static String batch(Random random) {
        Set<Long> taken = new HashSet<>();
        List<String> rows = new ArrayList<>();
        while (rows.size() < CHANGES) {
            long id = random.nextInt(KEYS);
            long sequence = random.nextInt(20);
            if (taken.add(id * 100 + sequence)) {
                boolean delete = random.nextInt(4) == 0;
                rows.add("(" + id + ", "
                        + (delete ? "NULL, NULL, 'd'" : "'n" + random.nextInt(9) + "', " + random.nextInt(99) + ", 'u'")
                        + ", " + sequence + ")");
            }
        }
        return "SELECT CAST(id AS INT) AS id, CAST(name AS STRING) AS name, CAST(amount AS DECIMAL(18,2)) AS amount,"
                + " CAST(op AS STRING) AS op, CAST(seq AS BIGINT) AS seq FROM (VALUES " + String.join(", ", rows)
                + ") v(id, name, amount, op, seq)";
    }

    @Test
    void everyBatchLeavesTheRowsThatSparkLeaves(SparkReader reader) {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Random random = new Random(seed);
        SparkSession session = reader.session();
        Scd1ForeachBatchHandler spark = spark(reader);
        try (ChangesLake lake = new ChangesLake(folder.resolve("tarn"), Clock.systemUTC())) {
            for (int batch = 0; batch < BATCHES; batch++) {
                String changes = batch(random);
                lake.arriveAll(changes);
                lake.run(ChangesLake.flow(ChangesLake.type1()));
                spark.execute((Dataset<Row>) session.sql(changes), batch);
                List<String> rows = session
                        .sql(
                                "SELECT concat_ws('|', id, coalesce(name, 'null'), coalesce(CAST(amount AS STRING), 'null')) FROM "
                                        + target)
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                        .toList();
                assertThat(lake.rows())
                        .as("batch " + batch + ", -Dtarn.seed=" + seed)
                        .isNotEmpty()
                        .containsExactlyInAnyOrderElementsOf(rows);
            }
        } finally {
            reader.run("DROP TABLE " + target);
            reader.run("DROP TABLE " + beside);
        }
        System.out.println("AUTO CDC beside Spark's: " + BATCHES + " batches of " + CHANGES + " changes, seed " + seed);
    }
}
