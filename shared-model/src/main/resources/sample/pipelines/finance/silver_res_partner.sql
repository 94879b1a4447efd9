CREATE TEMPORARY VIEW res_partner_changes AS SELECT
  id, name, parent_id, commercial_partner_id, country_id, is_company, active, write_date AS written_at, _op, _seq
FROM STREAM(bronze.res_partner);

CREATE OR REFRESH STREAMING TABLE silver.res_partner
COMMENT 'Customers, suppliers and their contact persons, current state';

CREATE FLOW res_partner_current
AS AUTO CDC INTO silver.res_partner
FROM STREAM(res_partner_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
