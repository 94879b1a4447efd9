package dev.tarn.local;

import dev.tarn.local.demo.DemoDatabases;
import dev.tarn.local.demo.OdooSeed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An Odoo and a Supabase of a test, in one PostgreSQL, and what an accountant would ask of them. */
public final class Books implements AutoCloseable {

    private final DemoDatabases databases;

    private Books(DemoDatabases databases) {
        this.databases = databases;
    }

    public static Books open(Path folder, int moves) {
        return new Books(DemoDatabases.start(folder, DemoDatabases.FREE_PORT, new OdooSeed(moves)));
    }

    /** The secrets of the sample project. */
    public Map<String, String> secrets() {
        return Map.of("TARN_SECRET_ODOO_URL", databases.odooUrl(), "TARN_SECRET_SUPABASE_URL", databases.supabaseUrl());
    }

    public String odooUrl() {
        return databases.odooUrl();
    }

    public int port() {
        return databases.port();
    }

    /** Revenue by the ledger alone: what income accounts got from customer documents, by company and month. */
    public List<String> revenueByLedger() {
        return odoo(
                """
                SELECT l.company_id, date_trunc('month', l.date)::date, -sum(l.balance)
                FROM account_move_line l
                JOIN account_account a ON a.id = l.account_id
                JOIN account_move m ON m.id = l.move_id
                WHERE l.parent_state = 'posted' AND a.account_type IN ('income', 'income_other')
                  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                GROUP BY 1, 2 ORDER BY 1, 2""");
    }

    /** Rows of a query on Odoo, as its superuser; a statement that is none gives no rows. */
    public List<String> odoo(String sql) {
        return run(databases.odooAdminUrl(), sql);
    }

    public List<String> supabase(String sql) {
        return run(databases.supabaseUrl(), sql);
    }

    /** As the owner of the tables. */
    public List<String> supabaseAdmin(String sql) {
        return run(databases.odooAdminUrl().replaceFirst("/odoo$", "/supabase"), sql);
    }

    private static List<String> run(String url, String sql) {
        String[] parts = url.substring("postgresql://".length()).split("@");
        String user = parts[0].split(":")[0];
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + parts[1], user, "demo");
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                ResultSet result = statement.getResultSet();
                while (result.next()) {
                    rows.add(row(result));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static String row(ResultSet result) throws SQLException {
        List<String> cells = new ArrayList<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
            cells.add(result.getString(column));
        }
        return String.join("|", cells);
    }

    @Override
    public void close() {
        databases.close();
    }
}
