-- One row per journal entry (invoice, bill, refund, manual entry), as Odoo has it now.
-- Bronze keeps every version and every delete; AUTO CDC keeps the newest by _seq.
-- Only columns that exist in Odoo 16 to 19.
CREATE TEMPORARY VIEW account_move_changes (
  -- A delete carries the last known values where there are any, else only its key: let it pass.
  CONSTRAINT known_state     EXPECT (_op = 'delete' OR state IN ('draft', 'posted', 'cancel')) ON VIOLATION FAIL UPDATE,
  CONSTRAINT has_company     EXPECT (_op = 'delete' OR company_id IS NOT NULL)                 ON VIOLATION DROP ROW,
  CONSTRAINT positive_amount EXPECT (_op = 'delete' OR amount_total > 0)
)
COMMENT 'Typed versions of account_move from bronze'
AS SELECT
  id,
  name                                           AS move_name,             -- NULL ('/' up to Odoo 17) while draft
  ref,
  state,
  move_type,
  date                                           AS move_date,             -- accounting date: decides the month
  invoice_date,
  invoice_date_due                               AS due_date,
  company_id,
  journal_id,
  commercial_partner_id                          AS partner_id,            -- the company, not its contact person
  currency_id,
  CAST(amount_untaxed         AS DECIMAL(18,3))  AS amount_untaxed,        -- document currency (KWD has 3 digits)
  CAST(amount_total           AS DECIMAL(18,3))  AS amount_total,
  CAST(amount_untaxed_signed  AS DECIMAL(18,2))  AS amount_untaxed_signed, -- company currency, refunds negative
  CAST(amount_total_signed    AS DECIMAL(18,2))  AS amount_total_signed,
  CAST(amount_residual_signed AS DECIMAL(18,2))  AS amount_residual_signed,
  payment_state,
  write_date                                     AS written_at,
  _op,
  _seq
FROM STREAM(bronze.account_move);

CREATE OR REFRESH STREAMING TABLE silver.account_move
COMMENT 'Journal entries of Odoo, current state'
CLUSTER BY (move_date);

CREATE FLOW account_move_current
AS AUTO CDC INTO silver.account_move
FROM STREAM(account_move_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
