package dev.tarn.readers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.unsafe.types.VariantVal;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** Apache Spark with Delta Lake's own connector, in this process. */
final class SparkReader implements TableReader, AutoCloseable {

    private final SparkSession spark = SparkSession.builder()
            .master("local[2]")
            .appName("independent reader")
            .config("spark.ui.enabled", "false")
            // For tables of a few rows: by default a log alone is read in fifty parts, and every plan is compiled.
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "1")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", "true")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate();

    @Override
    public TableContent read(Path folder, OptionalLong version) {
        DataFrameReader reader = spark.read().format("delta");
        if (version.isPresent()) {
            reader = reader.option("versionAsOf", version.getAsLong());
        }
        return content(reader.load(folder.toAbsolutePath().toString()));
    }

    /** What the change feed tells of the versions {@code from} to {@code to}, both inclusive. */
    TableContent changes(Path folder, long from, long to) {
        return content(spark.read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", from)
                .option("endingVersion", to)
                .load(folder.toAbsolutePath().toString()));
    }

    /** What the table was at the moment, in the notation of Spark's SQL. */
    TableContent readAsOf(Path folder, String moment) {
        return content(spark.read()
                .format("delta")
                .option("timestampAsOf", moment)
                .load(folder.toAbsolutePath().toString()));
    }

    private static TableContent content(Dataset<Row> table) {
        List<String> columns = Arrays.stream(table.schema().fields())
                .map(field -> TableContent.column(field.name(), field.dataType().catalogString()))
                .toList();
        List<String> rows = new ArrayList<>();
        for (Row row : table.collectAsList()) {
            rows.add(CanonicalText.of(values(row)));
        }
        return new TableContent(columns, rows);
    }

    /** The session, for what only Spark's own classes can do. */
    SparkSession session() {
        return spark;
    }

    /** Runs a statement to its end. */
    void run(String statement) {
        spark.sql(statement).collectAsList();
    }

    /** Fails unless the statement is one of Spark's, also where only a pipeline could run it. */
    void parse(String statement) {
        try {
            ((org.apache.spark.sql.classic.SparkSession) spark)
                    .sessionState()
                    .sqlParser()
                    .parsePlan(statement);
        } catch (ParseException e) {
            throw new AssertionError("not a statement of Spark: " + statement, e);
        }
    }

    /** What a query answers. */
    TableContent query(String query) {
        return content(spark.sql(query));
    }

    /** The one text of the one row of a query. */
    String text(String query) {
        return spark.sql(query).head().getString(0);
    }

    /** Sets a property of the session, or takes it back when the value is empty. */
    void set(String property, String value) {
        if (value.isEmpty()) {
            spark.conf().unset(property);
        } else {
            spark.conf().set(property, value);
        }
    }

    private static List<Object> values(Row row) {
        List<Object> values = new ArrayList<>();
        for (int field = 0; field < row.length(); field++) {
            values.add(value(row.get(field)));
        }
        return values;
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof Row struct) {
            return values(struct);
        }
        if (value instanceof scala.collection.Seq<?> sequence) {
            List<Object> values = new ArrayList<>();
            CollectionConverters.asJava(sequence).forEach(element -> values.add(value(element)));
            return values;
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            CollectionConverters.asJava(map).forEach((key, of) -> entries.put(value(key), value(of)));
            return entries;
        }
        return value instanceof VariantVal variant ? variant.toString() : value;
    }

    @Override
    public void close() {
        spark.stop();
    }
}
