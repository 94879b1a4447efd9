CREATE OR REFRESH MATERIALIZED VIEW gold.budget_vs_actual (
  company_id  INT            COMMENT 'res_company.id',
  month       DATE           COMMENT 'First day of the accounting month; months without a budget are left out',
  account     STRING         COMMENT 'Name of the account',
  currency    STRING         COMMENT 'Currency of the company',
  budget      DECIMAL(28,2)  COMMENT 'Of the newest file, 0 for an account that it does not name',
  actual      DECIMAL(28,2)  COMMENT 'Posted in Odoo, untaxed; income and expenses are both positive',
  variance    DECIMAL(29,2)  COMMENT 'actual - budget',
  CONSTRAINT has_currency EXPECT (currency IS NOT NULL) ON VIOLATION FAIL UPDATE
)
COMMENT 'Budget beside what was booked on accounts of income and expenses, per company, month and account'
AS WITH budget AS (
  SELECT company_id, month, account, sum(amount) AS amount
  FROM silver.budget
  GROUP BY company_id, month, account
), planned AS (
  SELECT DISTINCT company_id, month FROM budget
), booked AS (
  SELECT
    m.company_id,
    CAST(date_trunc('MONTH', m.move_date) AS DATE)                                     AS month,
    a.account_name                                                                     AS account,
    CASE WHEN a.account_type IN ('income', 'income_other') THEN -l.balance ELSE l.balance END AS amount
  FROM silver.account_move_line l
  JOIN silver.account_move m    ON m.id = l.move_id
  JOIN silver.account_account a ON a.id = l.account_id
  WHERE m.state = 'posted'
    AND a.account_type IN ('income', 'income_other', 'expense', 'expense_depreciation', 'expense_direct_cost')
), actual AS (
  SELECT b.company_id, b.month, b.account, sum(b.amount) AS amount
  FROM booked b
  JOIN planned p ON p.company_id = b.company_id AND p.month = b.month
  GROUP BY b.company_id, b.month, b.account
), beside AS (
  SELECT
    company_id,
    month,
    account,
    coalesce(b.amount, 0)                            AS budget,
    coalesce(a.amount, 0)                            AS actual,
    coalesce(a.amount, 0) - coalesce(b.amount, 0)    AS variance
  FROM budget b
  FULL JOIN actual a USING (company_id, month, account)
)
SELECT
  x.company_id,
  x.month,
  x.account,
  cur.name     AS currency,
  x.budget,
  x.actual,
  x.variance
FROM beside x
LEFT JOIN silver.res_company  co  ON co.id  = x.company_id
LEFT JOIN silver.res_currency cur ON cur.id = co.currency_id;
