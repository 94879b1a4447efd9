-- What the bank says beside what Odoo's ledger says of the bank account. A line belongs to the payment whose number is its
-- reference; it is reconciled when both have the same amount. Every line and every payment is in one of the groups:
--   bank_amount   = reconciled + bank side of the differing + not in Odoo
--   ledger side   = reconciled + ledger side of the differing + not at the bank
CREATE OR REFRESH MATERIALIZED VIEW gold.bank_reconciliation (
  company_id          INT            COMMENT 'res_company.id',
  month               DATE           COMMENT 'First day of the month in which the bank booked, for payments it has not: in which Odoo did',
  currency            STRING         COMMENT 'Currency of the company, in which its account is kept',
  bank_lines          BIGINT         COMMENT 'Lines of bank statements',
  bank_amount         DECIMAL(28,2)  COMMENT 'Their sum, outgoing negative',
  reconciled_lines    BIGINT         COMMENT 'Lines that are a payment in Odoo of the same amount',
  reconciled_amount   DECIMAL(28,2)  COMMENT 'Their sum',
  differing_lines     BIGINT         COMMENT 'Lines that are a payment in Odoo of another amount',
  difference          DECIMAL(38,2)  COMMENT 'What the bank booked for them less what Odoo did',
  not_in_odoo_lines   BIGINT         COMMENT 'Lines that are no payment in Odoo, fees among them',
  not_in_odoo_amount  DECIMAL(28,2)  COMMENT 'Their sum',
  not_at_bank         BIGINT         COMMENT 'Payments in Odoo that are in no statement, from the first day of the statements on',
  not_at_bank_amount  DECIMAL(38,2)  COMMENT 'Their sum',
  CONSTRAINT one_currency EXPECT (currency IS NOT NULL) ON VIOLATION FAIL UPDATE
)
COMMENT 'Bank statements against the payments in Odoo, per company and month, in company currency'
AS WITH numbered AS (
  SELECT
    company_id, booked_on, amount, reference,
    row_number() OVER (PARTITION BY company_id, reference ORDER BY booked_on, account, statement, line) AS place
  FROM silver.bank_statement_line
  WHERE company_id IS NOT NULL
), line AS (
  -- Of two lines with one payment's number the second is none of Odoo's: money came twice.
  SELECT company_id, booked_on, amount, CASE WHEN place = 1 THEN reference END AS payment
  FROM numbered
), payment AS (
  SELECT
    m.company_id,
    m.move_name,
    m.move_date,
    sum(l.balance) AS amount
  FROM silver.account_move_line l
  JOIN silver.account_move m    ON m.id = l.move_id
  JOIN silver.account_account a ON a.id = l.account_id
  WHERE m.state = 'posted' AND a.account_type = 'asset_cash'
  GROUP BY m.company_id, m.move_name, m.move_date
), stated AS (
  SELECT company_id, min(booked_on) AS since FROM line GROUP BY company_id
), compared AS (
  SELECT
    coalesce(b.company_id, p.company_id)                                      AS company_id,
    CAST(date_trunc('MONTH', coalesce(b.booked_on, p.move_date)) AS DATE)     AS month,
    p.move_date,
    b.amount                                                                  AS bank_amount,
    p.amount                                                                  AS ledger_amount,
    CASE WHEN p.move_name IS NULL THEN 'not in odoo'
         WHEN b.company_id IS NULL THEN 'not at bank'
         WHEN b.amount = p.amount THEN 'reconciled'
         ELSE 'differing' END                                                 AS outcome
  FROM line b
  FULL JOIN payment p ON p.company_id = b.company_id AND p.move_name = b.payment
)
SELECT
  c.company_id,
  c.month,
  cur.name                                                                           AS currency,
  count(*) FILTER (WHERE c.outcome <> 'not at bank')                                 AS bank_lines,
  coalesce(sum(c.bank_amount), 0)                                                    AS bank_amount,
  count(*) FILTER (WHERE c.outcome = 'reconciled')                                   AS reconciled_lines,
  coalesce(sum(c.bank_amount) FILTER (WHERE c.outcome = 'reconciled'), 0)            AS reconciled_amount,
  count(*) FILTER (WHERE c.outcome = 'differing')                                    AS differing_lines,
  coalesce(sum(c.bank_amount - c.ledger_amount) FILTER (WHERE c.outcome = 'differing'), 0)
                                                                                     AS difference,
  count(*) FILTER (WHERE c.outcome = 'not in odoo')                                  AS not_in_odoo_lines,
  coalesce(sum(c.bank_amount) FILTER (WHERE c.outcome = 'not in odoo'), 0)           AS not_in_odoo_amount,
  count(*) FILTER (WHERE c.outcome = 'not at bank')                                  AS not_at_bank,
  coalesce(sum(c.ledger_amount) FILTER (WHERE c.outcome = 'not at bank'), 0)         AS not_at_bank_amount
FROM compared c
JOIN stated s               ON s.company_id = c.company_id
LEFT JOIN silver.res_company  co  ON co.id  = c.company_id
LEFT JOIN silver.res_currency cur ON cur.id = co.currency_id
WHERE c.outcome <> 'not at bank' OR c.move_date >= s.since
GROUP BY c.company_id, c.month, cur.name;
