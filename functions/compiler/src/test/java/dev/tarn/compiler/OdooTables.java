package dev.tarn.compiler;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The bronze tables of the sample with the columns that it reads, typed as extraction types them. */
final class OdooTables {

    private static final Decimal NUMERIC = new Decimal(38, 18);
    private static final String TAIL = "; _op STRING, _seq BIGINT, _source STRING, _extracted_at TIMESTAMP,"
            + " _rescued_data STRING, _reason STRING, _xid BIGINT";

    private static final Map<String, String> COLUMNS = Map.of(
            "bronze.account_move",
            "id INT, name STRING, ref STRING, state STRING, move_type STRING, date DATE, invoice_date DATE,"
                    + " invoice_date_due DATE, company_id INT, journal_id INT, commercial_partner_id INT, currency_id INT,"
                    + " amount_untaxed NUMERIC, amount_total NUMERIC, amount_untaxed_signed NUMERIC,"
                    + " amount_total_signed NUMERIC, amount_residual_signed NUMERIC, payment_state STRING,"
                    + " write_date TIMESTAMP",
            "bronze.account_move_line",
            "id INT, move_id INT, account_id INT, company_id INT, partner_id INT, product_id INT, currency_id INT,"
                    + " name STRING, display_type STRING, date DATE, quantity NUMERIC, price_subtotal NUMERIC,"
                    + " amount_currency NUMERIC, debit NUMERIC, credit NUMERIC, balance NUMERIC,"
                    + " amount_residual NUMERIC, write_date TIMESTAMP",
            "bronze.account_partial_reconcile",
            "id INT, debit_move_id INT, credit_move_id INT, company_id INT, amount NUMERIC, write_date TIMESTAMP",
            "bronze.account_account",
            "id INT, name STRING, account_type STRING, write_date TIMESTAMP",
            "bronze.res_company",
            "id INT, name STRING, partner_id INT, currency_id INT, fiscalyear_lock_date DATE, write_date TIMESTAMP",
            "bronze.res_currency",
            "id INT, name STRING, symbol STRING, active BOOLEAN, write_date TIMESTAMP",
            "bronze.res_partner",
            "id INT, name STRING, parent_id INT, commercial_partner_id INT, country_id INT, is_company BOOLEAN,"
                    + " active BOOLEAN, comment STRING, write_date TIMESTAMP",
            "bronze.product_product",
            "id INT, product_tmpl_id INT, default_code STRING, active BOOLEAN, write_date TIMESTAMP",
            "bronze.product_template",
            "id INT, name STRING, name_text STRING, write_date TIMESTAMP");

    private OdooTables() {}

    static Optional<TableSchema> schema(TableName table) {
        return Optional.ofNullable(COLUMNS.get(table.toString())).map(columns -> parse(columns + TAIL));
    }

    /** Reads {@code "id INT, name STRING"}. */
    static TableSchema parse(String columns) {
        List<Column> parsed = new ArrayList<>();
        for (String column : columns.split("[,;] ")) {
            String[] parts = column.split(" ");
            DataType type = parts[1].equals("NUMERIC") ? NUMERIC : Simple.valueOf(parts[1]);
            parsed.add(new Column(parts[0], type));
        }
        return new TableSchema(parsed);
    }
}
