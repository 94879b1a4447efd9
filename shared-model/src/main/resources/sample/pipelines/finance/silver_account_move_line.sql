-- One row per line of a journal entry, as Odoo has it now.
CREATE OR REFRESH MATERIALIZED VIEW silver.account_move_line (
  CONSTRAINT has_move EXPECT (move_id IS NOT NULL) ON VIOLATION DROP ROW
)
COMMENT 'Journal items of Odoo, current state'
AS WITH newest AS (
  SELECT * FROM bronze.account_move_line
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
)
SELECT
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
  write_date                              AS written_at
FROM newest
WHERE _op <> 'delete';
