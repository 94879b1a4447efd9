CREATE OR REFRESH MATERIALIZED VIEW silver.res_currency
COMMENT 'Currencies by their ISO code, current state'
AS WITH newest AS (
  SELECT * FROM bronze.res_currency
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
)
SELECT id, name, symbol, active, write_date AS written_at
FROM newest
WHERE _op <> 'delete';
