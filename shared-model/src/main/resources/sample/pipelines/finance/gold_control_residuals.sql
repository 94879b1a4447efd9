-- What an invoice's header says is open, its receivable or payable lines say, too, and it is what remains of them once
-- all that was settled against them (payments, refunds, exchange differences) is deducted.
CREATE OR REFRESH MATERIALIZED VIEW gold.control_residuals (
  company_id      INT            COMMENT 'res_company.id',
  move_id         INT            COMMENT 'account_move.id',
  move_name       STRING         COMMENT 'Number of the invoice',
  residual        DECIMAL(28,2)  COMMENT 'Open by its header, in company currency, negative for what the company owes',
  lines_residual  DECIMAL(28,2)  COMMENT 'Open by its receivable or payable lines',
  unsettled       DECIMAL(38,2)  COMMENT 'These lines less what was settled against them',
  CONSTRAINT header_says_what_lines_say EXPECT (residual = lines_residual),
  CONSTRAINT payments_explain_the_rest  EXPECT (lines_residual = unsettled)
)
COMMENT 'Posted invoices, bills, refunds and receipts whose residual their payments do not explain; must be empty'
AS WITH settled AS (
  SELECT debit_line_id AS line_id, amount FROM silver.account_partial_reconcile
  UNION ALL
  SELECT credit_line_id AS line_id, -amount AS amount FROM silver.account_partial_reconcile
), by_line AS (
  SELECT line_id, sum(amount) AS amount FROM settled GROUP BY line_id
), by_move AS (
  SELECT
    l.move_id,
    sum(l.amount_residual)                   AS residual,
    sum(l.balance - coalesce(s.amount, 0))   AS unsettled
  FROM silver.account_move_line l
  LEFT JOIN by_line s ON s.line_id = l.id
  WHERE l.display_type = 'payment_term'
  GROUP BY l.move_id
)
SELECT
  m.company_id,
  m.id                       AS move_id,
  m.move_name,
  m.amount_residual_signed   AS residual,
  coalesce(t.residual, 0)    AS lines_residual,
  coalesce(t.unsettled, 0)   AS unsettled
FROM silver.account_move m
LEFT JOIN by_move t ON t.move_id = m.id
WHERE m.state = 'posted'
  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt', 'in_invoice', 'in_refund', 'in_receipt')
  AND (m.amount_residual_signed <> coalesce(t.residual, 0) OR t.residual <> t.unsettled);
