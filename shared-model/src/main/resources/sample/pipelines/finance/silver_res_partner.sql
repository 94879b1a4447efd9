CREATE OR REFRESH MATERIALIZED VIEW silver.res_partner
COMMENT 'Customers, suppliers and their contact persons, current state'
AS WITH newest AS (
  SELECT * FROM bronze.res_partner
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
)
SELECT id, name, parent_id, commercial_partner_id, country_id, is_company, active, write_date AS written_at
FROM newest
WHERE _op <> 'delete';
