-- One row per journal entry (invoice, bill, refund, manual entry), as Odoo has it now.
-- Only columns that exist in Odoo 16 to 19.
CREATE OR REFRESH MATERIALIZED VIEW silver.account_move (
  CONSTRAINT known_state     EXPECT (state IN ('draft', 'posted', 'cancel')) ON VIOLATION FAIL UPDATE,
  CONSTRAINT has_company     EXPECT (company_id IS NOT NULL)                 ON VIOLATION DROP ROW,
  CONSTRAINT positive_amount EXPECT (amount_total > 0)
)
COMMENT 'Journal entries of Odoo, current state'
AS WITH newest AS (
  SELECT * FROM bronze.account_move
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
)
SELECT
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
  write_date                                     AS written_at
FROM newest
WHERE _op <> 'delete';
