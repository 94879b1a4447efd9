-- The two ways to count revenue must differ only by manual entries. An accountant reads this table first.
CREATE OR REFRESH MATERIALIZED VIEW gold.control_revenue (
  company_id       INT            COMMENT 'res_company.id',
  month            DATE           COMMENT 'First day of the accounting month',
  invoices         DECIMAL(28,2)  COMMENT 'Revenue by the headers of posted customer invoices and refunds',
  ledger_invoices  DECIMAL(28,2)  COMMENT 'Revenue by the lines of the same documents on income accounts',
  ledger_manual    DECIMAL(28,2)  COMMENT 'What manual entries put on income accounts',
  CONSTRAINT invoices_agree_with_ledger EXPECT (ledger_invoices = invoices)
)
COMMENT 'Revenue by invoice headers beside revenue by ledger (income accounts), per company and month'
AS WITH by_invoice AS (
  SELECT
    company_id,
    CAST(date_trunc('MONTH', move_date) AS DATE)  AS month,
    sum(amount_untaxed_signed)                    AS invoices
  FROM silver.account_move
  WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
  GROUP BY 1, 2
), by_ledger AS (
  SELECT
    m.company_id,
    CAST(date_trunc('MONTH', m.move_date) AS DATE)  AS month,
    coalesce(-sum(l.balance) FILTER (WHERE m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')), 0)
                                                    AS ledger_invoices,
    coalesce(-sum(l.balance) FILTER (WHERE m.move_type = 'entry'), 0)
                                                    AS ledger_manual
  FROM silver.account_move_line l
  JOIN silver.account_move m    ON m.id = l.move_id
  JOIN silver.account_account a ON a.id = l.account_id
  WHERE m.state = 'posted' AND a.account_type IN ('income', 'income_other')
  GROUP BY 1, 2
)
SELECT
  company_id,
  month,
  coalesce(i.invoices, 0)         AS invoices,
  coalesce(g.ledger_invoices, 0)  AS ledger_invoices,
  coalesce(g.ledger_manual, 0)    AS ledger_manual
FROM by_invoice i
FULL JOIN by_ledger g USING (company_id, month);
