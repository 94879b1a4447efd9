CREATE OR REFRESH MATERIALIZED VIEW gold.receivables_by_partner (
  company_id       INT            COMMENT 'res_company.id',
  partner_id       INT            COMMENT 'res_partner.id of the customer, never of its contact person',
  partner          STRING         COMMENT 'Name of the customer',
  open_amount      DECIMAL(28,2)  COMMENT 'Not yet paid, in company currency, refunds deducted',
  oldest_due_date  DATE           COMMENT 'Earliest due date among the open invoices',
  open_invoices    BIGINT         COMMENT 'Posted customer invoices and refunds that are not settled',
  CONSTRAINT has_partner EXPECT (partner_id IS NOT NULL) ON VIOLATION FAIL UPDATE
)
COMMENT 'What customers owe, per company and customer, in company currency'
AS SELECT
  m.company_id,
  m.partner_id,
  p.name                         AS partner,
  sum(m.amount_residual_signed)  AS open_amount,
  min(m.due_date)                AS oldest_due_date,
  count(*)                       AS open_invoices
FROM silver.account_move m
LEFT JOIN silver.res_partner p ON p.id = m.partner_id
WHERE m.state = 'posted'
  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
  AND m.amount_residual_signed <> 0
GROUP BY m.company_id, m.partner_id, p.name;
