-- An invoice's header says what its lines say: untaxed what is sold or bought, in total with the tax, which is also what
-- its payment terms ask for. Sections and notes have no amounts; cash rounding counts as untaxed.
CREATE OR REFRESH MATERIALIZED VIEW gold.control_invoice_totals (
  company_id      INT            COMMENT 'res_company.id',
  move_id         INT            COMMENT 'account_move.id',
  move_name       STRING         COMMENT 'Number of the invoice',
  move_type       STRING         COMMENT 'out_ for customers, in_ for suppliers',
  untaxed         DECIMAL(28,2)  COMMENT 'By its header, in company currency, positive for what comes in',
  lines_untaxed   DECIMAL(28,2)  COMMENT 'By its lines',
  total           DECIMAL(28,2)  COMMENT 'By its header, with tax',
  lines_total     DECIMAL(28,2)  COMMENT 'By its lines, untaxed and tax',
  lines_payable   DECIMAL(28,2)  COMMENT 'By its lines on receivable and payable accounts',
  CONSTRAINT untaxed_is_what_lines_say EXPECT (untaxed = lines_untaxed),
  CONSTRAINT total_is_lines_plus_tax   EXPECT (total = lines_total AND total = lines_payable)
)
COMMENT 'Posted invoices, bills, refunds and receipts whose totals are not those of their lines; must be empty'
AS WITH by_lines AS (
  SELECT
    move_id,
    coalesce(-sum(balance) FILTER (WHERE display_type IN ('product', 'rounding')), 0)         AS untaxed,
    coalesce(-sum(balance) FILTER (WHERE display_type IN ('product', 'rounding', 'tax')), 0)  AS total,
    coalesce(sum(balance) FILTER (WHERE display_type = 'payment_term'), 0)                    AS payable
  FROM silver.account_move_line
  GROUP BY move_id
)
SELECT
  m.company_id,
  m.id                      AS move_id,
  m.move_name,
  m.move_type,
  m.amount_untaxed_signed   AS untaxed,
  coalesce(l.untaxed, 0)    AS lines_untaxed,
  m.amount_total_signed     AS total,
  coalesce(l.total, 0)      AS lines_total,
  coalesce(l.payable, 0)    AS lines_payable
FROM silver.account_move m
LEFT JOIN by_lines l ON l.move_id = m.id
WHERE m.state = 'posted'
  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt', 'in_invoice', 'in_refund', 'in_receipt')
  AND (m.amount_untaxed_signed <> coalesce(l.untaxed, 0)
    OR m.amount_total_signed <> coalesce(l.total, 0)
    OR m.amount_total_signed <> coalesce(l.payable, 0));
