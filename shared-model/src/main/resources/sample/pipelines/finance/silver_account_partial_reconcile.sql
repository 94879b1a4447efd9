-- What was settled: amounts of a debit line that stand against a credit line, an invoice against its payment.
CREATE TEMPORARY VIEW account_partial_reconcile_changes AS SELECT
  id,
  company_id,
  debit_move_id                  AS debit_line_id,   -- account_move_line.id, in spite of Odoo's name for it
  credit_move_id                 AS credit_line_id,
  CAST(amount AS DECIMAL(18,2))  AS amount,          -- company currency
  write_date                     AS written_at,
  _op,
  _seq
FROM STREAM(bronze.account_partial_reconcile);

CREATE OR REFRESH STREAMING TABLE silver.account_partial_reconcile
COMMENT 'What journal items were settled against each other, current state';

CREATE FLOW account_partial_reconcile_current
AS AUTO CDC INTO silver.account_partial_reconcile
FROM STREAM(account_partial_reconcile_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
