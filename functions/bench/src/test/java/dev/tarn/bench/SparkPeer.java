package dev.tarn.bench;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Spark with Delta on two local cores: the same statements, the bronze table read as Delta. */
final class SparkPeer implements Peer {

    private final SparkSession spark;

    SparkPeer(Path scratch) {
        this.spark = SparkSession.builder()
                .master("local[2]")
                .appName("tarn-bench")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.local.dir", scratch.toString())
                .config("spark.sql.warehouse.dir", scratch.resolve("warehouse").toString())
                .config("spark.sql.parquet.compression.codec", "zstd")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
    }

    SparkSession session() {
        return spark;
    }

    @Override
    public Result run(Path bronze, Path target) {
        String silver = target.resolve("silver").toString();
        String gold = target.resolve("gold").toString();
        spark.read()
                .format("delta")
                .load(bronze.resolve("bronze/account_move").toString())
                .createOrReplaceTempView("b");
        spark.sql("SELECT id, name AS move_name, move_type, date AS move_date, journal_id, company_id, partner_id, "
                        + "CAST(amount_total AS DECIMAL(18,2)) AS amount_total, "
                        + "CAST(amount_untaxed_signed AS DECIMAL(18,2)) AS amount_untaxed_signed, "
                        + "write_date AS written_at FROM b WHERE state = 'posted'")
                .createOrReplaceTempView("posted");
        spark.sql("SELECT * FROM posted WHERE company_id IS NOT NULL")
                .write()
                .format("delta")
                .save(silver);
        spark.sql("SELECT count_if(company_id IS NULL), count_if(NOT coalesce(amount_total > 0, false)) FROM posted")
                .collectAsList();
        spark.read().format("delta").load(silver).createOrReplaceTempView("s");
        spark.sql("SELECT CAST(date_trunc('MONTH', move_date) AS DATE) AS month, journal_id, count(*) AS moves, "
                        + "sum(amount_untaxed_signed) AS untaxed FROM s GROUP BY 1, 2")
                .write()
                .format("delta")
                .save(gold);
        Dataset<Row> result = spark.read().format("delta").load(gold);
        return new Result(
                spark.read().format("delta").load(silver).count(),
                result.count(),
                result.selectExpr("CAST(sum(untaxed) AS STRING)").first().getString(0));
    }

    @Override
    public void close() {
        spark.stop();
    }
}
