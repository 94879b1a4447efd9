CREATE TEMPORARY VIEW res_currency_changes AS SELECT
  id, name, symbol, active, write_date AS written_at, _op, _seq
FROM STREAM(bronze.res_currency);

CREATE OR REFRESH STREAMING TABLE silver.res_currency
COMMENT 'Currencies by their ISO code, current state';

CREATE FLOW res_currency_current
AS AUTO CDC INTO silver.res_currency
FROM STREAM(res_currency_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
