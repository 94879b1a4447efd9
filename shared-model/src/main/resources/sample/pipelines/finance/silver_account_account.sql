-- The chart of accounts. Codes are left out: from Odoo 18 on they differ from company to company.
CREATE OR REFRESH MATERIALIZED VIEW silver.account_account
COMMENT 'Accounts of the ledger, current state'
AS WITH newest AS (
  SELECT * FROM bronze.account_account
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
)
SELECT
  id,
  coalesce(get_json_object(name, '$.en_US'), name) AS account_name,  -- JSON with one text per language from Odoo 17 on
  account_type,
  write_date                                       AS written_at
FROM newest
WHERE _op <> 'delete';
