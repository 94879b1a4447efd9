CREATE OR REFRESH MATERIALIZED VIEW gold.monthly_journal
COMMENT 'Entries and amounts by month and journal'
AS SELECT
  CAST(date_trunc('MONTH', move_date) AS DATE)  AS month,
  journal_id,
  count(*)                                      AS moves,
  sum(amount_untaxed_signed)                    AS untaxed
FROM silver.account_move
GROUP BY 1, 2;
