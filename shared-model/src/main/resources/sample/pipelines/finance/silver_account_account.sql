-- The chart of accounts. Codes are left out: from Odoo 18 on they differ from company to company.
CREATE TEMPORARY VIEW account_account_changes AS SELECT
  id,
  coalesce(get_json_object(name, '$.en_US'), name) AS account_name,  -- JSON with one text per language from Odoo 17 on
  account_type,
  write_date                                       AS written_at,
  _op,
  _seq
FROM STREAM(bronze.account_account);

CREATE OR REFRESH STREAMING TABLE silver.account_account
COMMENT 'Accounts of the ledger, current state';

CREATE FLOW account_account_current
AS AUTO CDC INTO silver.account_account
FROM STREAM(account_account_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
