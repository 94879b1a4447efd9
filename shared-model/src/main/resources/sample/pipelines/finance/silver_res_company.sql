CREATE TEMPORARY VIEW res_company_changes AS SELECT
  id, name, partner_id, currency_id, fiscalyear_lock_date AS lock_date, write_date AS written_at, _op, _seq
FROM STREAM(bronze.res_company);

CREATE OR REFRESH STREAMING TABLE silver.res_company
COMMENT 'Companies that keep their books in Odoo, current state';

CREATE FLOW res_company_current
AS AUTO CDC INTO silver.res_company
FROM STREAM(res_company_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
