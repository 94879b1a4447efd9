package dev.tarn.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes the Parquet file of {@code account_move} that every peer reads: the same rows for the same number of rows. */
final class BronzeFile {

    private BronzeFile() {}

    static void write(Path file, long rows) throws SQLException {
        String sql = "COPY (SELECT i::INTEGER AS id, "
                + "CASE WHEN i % 50 = 0 THEN NULL ELSE 'INV/2026/' || lpad(i::VARCHAR, 8, '0') END AS name, "
                + "CASE WHEN i % 20 = 0 THEN 'draft' WHEN i % 33 = 0 THEN 'cancel' ELSE 'posted' END AS state, "
                + "['out_invoice', 'out_refund', 'in_invoice', 'entry'][1 + (i % 4)::INTEGER] AS move_type, "
                + "DATE '2023-01-01' + ((i * 7919) % 1400)::INTEGER AS date, "
                + "(1 + i % 12)::INTEGER AS journal_id, "
                + "CASE WHEN i % 9973 = 0 THEN NULL ELSE (1 + i % 3)::INTEGER END AS company_id, "
                + "(1 + (i * 31) % 5000)::INTEGER AS partner_id, "
                + "(1 + i % 4)::INTEGER AS currency_id, "
                + "(((i * 104729) % 1000000) / 100 - CASE WHEN i % 997 = 0 THEN 10000 ELSE 0 END)::DECIMAL(38,18) "
                + "AS amount_total, "
                + "(((i * 104729) % 900000) / 100)::DECIMAL(38,18) AS amount_untaxed_signed, "
                + "TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (i % 20000000) SECOND AS write_date, "
                + "'upsert' AS _op, 1::BIGINT AS _seq, 'odoo' AS _source, "
                + "TIMESTAMPTZ '2026-01-01 00:00:00+00' AS _extracted_at, NULL::VARCHAR AS _rescued_data, "
                + "NULL::VARCHAR AS _reason, NULL::BIGINT AS _xid "
                + "FROM range(" + rows + ") r(i)) TO '" + file + "' (FORMAT parquet, COMPRESSION zstd)";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute(sql);
        }
    }
}
