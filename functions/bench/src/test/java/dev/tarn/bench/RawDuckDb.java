package dev.tarn.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * DuckDB alone, doing what Tarn promises: the same queries, expectations counted, zstd Parquet that is on the disk when it
 * answers. What it does not do: commits, progress, statistics for readers, a history.
 */
final class RawDuckDb implements Peer {

    private final Connection connection;

    RawDuckDb(long memoryBytes, int threads, Path spill) throws SQLException {
        this.connection = DriverManager.getConnection("jdbc:duckdb:");
        execute("SET memory_limit = '" + memoryBytes / (1024 * 1024) + "MiB'");
        execute("SET threads = " + threads);
        execute("SET preserve_insertion_order = false");
        execute("SET temp_directory = '" + spill + "'");
    }

    @Override
    public Result run(Path bronze, Path target) throws SQLException, IOException {
        Path silver = target.resolve("silver.parquet");
        Path gold = target.resolve("gold.parquet");
        execute("CREATE OR REPLACE TEMP VIEW posted AS SELECT id, name AS move_name, move_type, date AS move_date, "
                + "journal_id, company_id, partner_id, CAST(amount_total AS DECIMAL(18,2)) AS amount_total, "
                + "CAST(amount_untaxed_signed AS DECIMAL(18,2)) AS amount_untaxed_signed, write_date AS written_at "
                + "FROM read_parquet('" + bronze + "') WHERE state = 'posted'");
        execute("COPY (SELECT * FROM posted WHERE company_id IS NOT NULL) TO '" + silver + "' "
                + "(FORMAT parquet, COMPRESSION zstd)");
        sync(silver);
        text("SELECT count(*) FILTER (WHERE company_id IS NULL) || ' ' || "
                + "count(*) FILTER (WHERE NOT coalesce(amount_total > 0, false)) FROM posted");
        execute("COPY (SELECT CAST(date_trunc('month', move_date) AS DATE) AS month, journal_id, count(*) AS moves, "
                + "CAST(sum(amount_untaxed_signed) AS DECIMAL(28,2)) AS untaxed FROM read_parquet('" + silver
                + "') GROUP BY 1, 2) TO '" + gold + "' (FORMAT parquet, COMPRESSION zstd)");
        sync(gold);
        return new Result(
                Long.parseLong(text("SELECT count(*) FROM read_parquet('" + silver + "')")),
                Long.parseLong(text("SELECT count(*) FROM read_parquet('" + gold + "')")),
                text("SELECT sum(untaxed) FROM read_parquet('" + gold + "')"));
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        if (Files.size(file) == 0) {
            throw new IOException(file + " is empty");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getObject(1));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
