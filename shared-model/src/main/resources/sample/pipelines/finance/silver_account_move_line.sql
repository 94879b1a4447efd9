-- One row per line of a journal entry, as Odoo has it now.
CREATE TEMPORARY VIEW account_move_line_changes (
  CONSTRAINT has_move EXPECT (_op = 'delete' OR move_id IS NOT NULL) ON VIOLATION DROP ROW
)
COMMENT 'Typed versions of account_move_line from bronze'
AS SELECT
  id,
  move_id,
  account_id,
  company_id,
  partner_id,
  product_id,
  currency_id,
  name                                    AS label,
  display_type,
  date                                    AS line_date,
  CAST(quantity        AS DECIMAL(18,4))  AS quantity,
  CAST(price_subtotal  AS DECIMAL(18,3))  AS price_subtotal,   -- document currency, untaxed
  CAST(amount_currency AS DECIMAL(18,3))  AS amount_currency,  -- document currency, signed
  CAST(debit           AS DECIMAL(18,2))  AS debit,            -- company currency
  CAST(credit          AS DECIMAL(18,2))  AS credit,
  CAST(balance         AS DECIMAL(18,2))  AS balance,          -- debit - credit: income is negative
  CAST(amount_residual AS DECIMAL(18,2))  AS amount_residual,  -- company currency, of receivable and payable lines
  write_date                              AS written_at,
  _op,
  _seq
FROM STREAM(bronze.account_move_line);

CREATE OR REFRESH STREAMING TABLE silver.account_move_line
COMMENT 'Journal items of Odoo, current state'
CLUSTER BY (line_date);

CREATE FLOW account_move_line_current
AS AUTO CDC INTO silver.account_move_line
FROM STREAM(account_move_line_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
