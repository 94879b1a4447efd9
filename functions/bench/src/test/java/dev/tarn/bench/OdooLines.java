package dev.tarn.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A table shaped like Odoo's {@code account_move_line}, 13 columns, in a database that calls itself an Odoo. */
final class OdooLines {

    static final long ROWS = 5_000_000;
    static final String TABLE = "account_move_line";

    private OdooLines() {}

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "CREATE TABLE ir_module_module (id int PRIMARY KEY, name varchar, state varchar, latest_version varchar)",
                    "INSERT INTO ir_module_module VALUES (1, 'base', 'installed', '19.0.1.3')",
                    "CREATE TABLE res_currency (id int PRIMARY KEY, name varchar, active bool)",
                    "INSERT INTO res_currency VALUES (1, 'USD', true)",
                    "CREATE TABLE res_company (id int PRIMARY KEY, name varchar, currency_id int)",
                    "INSERT INTO res_company VALUES (1, 'One', 1)",
                    "CREATE TABLE " + TABLE + " (id int4 NOT NULL, move_id int4, account_id int4, partner_id int4,"
                            + " name varchar, debit numeric, credit numeric, balance numeric, date date, ref varchar,"
                            + " create_date timestamp, write_date timestamp, analytic_distribution jsonb)",
                    "INSERT INTO " + TABLE
                            + " SELECT i, i / 4, 1 + i % 300, CASE WHEN i % 5 = 0 THEN NULL ELSE i % 20000 END,"
                            + " 'Line ' || i || ' of an invoice', (i % 100000) / 100.0, CASE WHEN i % 2 = 0 THEN 0 ELSE (i %"
                            + " 5000) / 100.0 END, ((i % 100000) - 50000) / 100.0, date '2020-01-01' + i % 2000,"
                            + " CASE WHEN i % 3 = 0 THEN 'INV/' || i END, timestamp '2020-01-01' + i * interval '7.3 seconds',"
                            + " timestamp '2020-01-01' + i * interval '7.3 seconds',"
                            + " CASE WHEN i % 100 < 27 THEN jsonb_build_object((i % 40)::text, 100.0) END"
                            + " FROM generate_series(1, " + ROWS + ") AS i",
                    "ALTER TABLE " + TABLE + " ADD PRIMARY KEY (id)",
                    "VACUUM (FREEZE, ANALYZE) " + TABLE)) {
                statement.execute(sql);
            }
        }
    }
}
