CREATE OR REFRESH MATERIALIZED VIEW silver.res_company
COMMENT 'Companies that keep their books in Odoo, current state'
AS WITH newest AS (
  SELECT * FROM bronze.res_company
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
)
SELECT id, name, partner_id, currency_id, write_date AS written_at
FROM newest
WHERE _op <> 'delete';
