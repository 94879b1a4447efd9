CREATE OR REFRESH MATERIALIZED VIEW gold.monthly_revenue (
  month          DATE           COMMENT 'First day of the accounting month',
  company_id     INT            COMMENT 'res_company.id',
  currency       STRING         COMMENT 'Currency of the company; amounts of two currencies are never added',
  invoices       BIGINT         COMMENT 'Posted customer invoices and refunds',
  invoiced       DECIMAL(28,2)  COMMENT 'Untaxed, in company currency, refunds not deducted',
  refunded       DECIMAL(28,2)  COMMENT 'Untaxed, in company currency, positive',
  revenue        DECIMAL(28,2)  COMMENT 'invoiced - refunded',
  CONSTRAINT one_currency EXPECT (currency IS NOT NULL) ON VIOLATION FAIL UPDATE
)
COMMENT 'Revenue from posted customer invoices, per month and company, untaxed, in company currency'
AS SELECT
  CAST(date_trunc('MONTH', m.move_date) AS DATE)                                        AS month,
  m.company_id,
  cur.name                                                                              AS currency,
  count(*)                                                                              AS invoices,
  coalesce(sum(m.amount_untaxed_signed) FILTER (WHERE m.move_type <> 'out_refund'), 0)  AS invoiced,
  coalesce(-sum(m.amount_untaxed_signed) FILTER (WHERE m.move_type = 'out_refund'), 0)  AS refunded,
  sum(m.amount_untaxed_signed)                                                          AS revenue
FROM silver.account_move m
LEFT JOIN silver.res_company  c   ON c.id   = m.company_id
LEFT JOIN silver.res_currency cur ON cur.id = c.currency_id
WHERE m.state = 'posted'
  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
GROUP BY 1, 2, 3;
