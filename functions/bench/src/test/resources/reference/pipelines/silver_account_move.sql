CREATE OR REFRESH MATERIALIZED VIEW silver.account_move (
  CONSTRAINT has_company     EXPECT (company_id IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT positive_amount EXPECT (amount_total > 0)
)
COMMENT 'Posted journal entries'
AS SELECT
  id,
  name                                          AS move_name,
  move_type,
  date                                          AS move_date,
  journal_id,
  company_id,
  partner_id,
  CAST(amount_total          AS DECIMAL(18,2))  AS amount_total,
  CAST(amount_untaxed_signed AS DECIMAL(18,2))  AS amount_untaxed_signed,
  write_date                                    AS written_at
FROM bronze.account_move
WHERE state = 'posted';
